"""A referral waits for a disclosure that is being judged about the same person, and makes a later one wait."""

from typing import ClassVar

from django.db import migrations

_WAITING = """
CREATE OR REPLACE FUNCTION protection.refer(new_id uuid, reference text, about uuid, kind text, sealed bytea,
                                            opened_at timestamptz, opened_by text)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = protection, pg_temp AS $$
    SELECT pg_advisory_xact_lock(hashtextextended(about::text, 0));
    INSERT INTO protection.referral (id, reference, person_id, kind, sealed, opened_at, opened_by, closed_by, sealed_closing)
    VALUES (new_id, reference, about, kind, sealed, opened_at, opened_by, '', ''::bytea)
$$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("protection", "0002_doors")]
    operations: ClassVar = [migrations.RunSQL(_WAITING, migrations.RunSQL.noop)]
