"""A message whose receipt is here stays as it is, and none is received that was not on its way.

The application notes tries, receipts and what was kept back; it can neither unsend a message nor put another receipt
in the place of the one that came.
"""

from typing import ClassVar

from django.db import migrations

_STAYS = """
CREATE FUNCTION received_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.state = 'received' THEN
        RAISE EXCEPTION 'received_stays: this message was received, and its receipt is here';
    END IF;
    IF NEW.state = 'received' AND OLD.state <> 'waiting' THEN
        RAISE EXCEPTION 'received_stays: this message was kept back and has not left';
    END IF;
    IF OLD.receipt IS NOT NULL AND NEW.receipt IS DISTINCT FROM OLD.receipt AND NEW.state <> 'received' THEN
        RAISE EXCEPTION 'received_stays: what is on record of its sending is not replaced';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER received_stays BEFORE UPDATE ON exchange_outgoing
    FOR EACH ROW EXECUTE FUNCTION received_stays();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("exchange", "0005_places")]
    operations: ClassVar = [
        migrations.RunSQL(_STAYS, "DROP TRIGGER received_stays ON exchange_outgoing; DROP FUNCTION received_stays();")
    ]
