"""Whoever is restricted leaves the matcher's gallery, and whoever is open again returns to it.

Restrictions are made in a room below, which cannot note the change itself.
"""

from typing import ClassVar

from django.db import migrations

_RENEWED = """
CREATE FUNCTION restriction_renews_gallery() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO identification_gallerychange (person_id, made_at)
    VALUES (NEW.person_id, coalesce(NEW.lifted_at, NEW.restricted_at));
    RETURN NEW;
END $$;
CREATE TRIGGER restriction_renews_gallery AFTER INSERT OR UPDATE ON safeguards_restriction
    FOR EACH ROW EXECUTE FUNCTION restriction_renews_gallery();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("identification", "0003_answers"), ("safeguards", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(_RENEWED, migrations.RunSQL.noop)]
