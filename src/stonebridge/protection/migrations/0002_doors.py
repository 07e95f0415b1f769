"""The doors of the protection schema: the application adds through them and asks one question, and reads nothing.

``open_referral`` answers open, closed, or unknown. Closed needs a screening: whoever
was never asked is unknown. A referral waits for a disclosure that is being judged about the
same person, and makes a later one wait.
"""

from typing import ClassVar

from django.db import migrations

_DOORS = """
CREATE FUNCTION protection.open_referral(about uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = protection, pg_temp AS $$
    SELECT CASE
        WHEN EXISTS (SELECT 1 FROM protection.referral r WHERE r.person_id = about AND r.closed_at IS NULL) THEN 'open'
        WHEN EXISTS (SELECT 1 FROM protection.screening s WHERE s.person_id = about) THEN 'closed'
        ELSE 'unknown' END
$$;
CREATE FUNCTION protection.keep_screening(new_id uuid, about uuid, sealed bytea, asked_at timestamptz, asked_by text)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = protection, pg_temp AS $$
    INSERT INTO protection.screening (id, person_id, sealed, asked_at, asked_by)
    VALUES (new_id, about, sealed, asked_at, asked_by)
$$;
CREATE FUNCTION protection.refer(new_id uuid, reference text, about uuid, kind text, sealed bytea,
                                 opened_at timestamptz, opened_by text)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = protection, pg_temp AS $$
    SELECT pg_advisory_xact_lock(hashtextextended(about::text, 0));
    INSERT INTO protection.referral (id, reference, person_id, kind, sealed, opened_at, opened_by, closed_by, sealed_closing)
    VALUES (new_id, reference, about, kind, sealed, opened_at, opened_by, '', ''::bytea)
$$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("protection", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(_DOORS, migrations.RunSQL.noop)]
