"""A disclosure also waits for claims and referrals of records that an open yellow link ties to the identity.

Row locks reach the records of one identity, and rows that the purpose shows. What else
decides is locked by the identifier alone, after the rows and in one order.
"""

from typing import ClassVar

from django.db import migrations

_WAITING = """
CREATE FUNCTION lock_facts(records uuid[]) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE one uuid;
BEGIN
    FOR one IN SELECT DISTINCT r FROM unnest(records) AS r ORDER BY r LOOP
        PERFORM pg_advisory_xact_lock(hashtextextended(one::text, 0));
    END LOOP;
END $$;
CREATE OR REPLACE FUNCTION claim_waits_its_turn() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM lock_identity(NEW.person_id);
    PERFORM lock_facts(ARRAY[NEW.person_id]);
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION disclosure_is_open() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE members uuid[]; neighbours uuid[]; answers text[];
BEGIN
    IF NEW.to_state = '' THEN RETURN NEW; END IF;
    members := lock_identity(NEW.person_id);
    SELECT coalesce(array_agg(n), '{}') INTO neighbours FROM yellow_neighbours(members) AS n;
    PERFORM lock_facts(members || neighbours);
    IF EXISTS (SELECT 1 FROM unnest(members || neighbours) AS m WHERE protection.open_referral(m) <> 'closed') THEN
        RAISE EXCEPTION 'disclosure_awaits_referral: a protection referral is open, or nobody knows';
    END IF;
    IF EXISTS (SELECT 1 FROM safeguards_hold h WHERE h.person_id = ANY (members || neighbours)
                AND (h.assigned_at IS NULL OR h.belongs)) THEN
        RAISE EXCEPTION 'disclosure_spares_origin: a hold stands that nobody has lifted';
    END IF;
    SELECT array_agg(latest_origin(m, NEW.to_state)) INTO answers FROM unnest(members) AS m;
    IF 'yes' <> ALL (answers) AND 'unknown' <> ALL (answers) THEN RETURN NEW; END IF;
    IF 'unknown' = ANY (answers) AND 'yes' <> ALL (answers)
       OR EXISTS (SELECT 1 FROM unnest(members || neighbours) AS m WHERE latest_claim(m) <> 'none') THEN
        RAISE EXCEPTION 'disclosure_spares_origin: nothing goes to a state of origin while a claim is not excluded';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("remedies", "0003_holds"), ("protection", "0003_doors_wait")]
    operations: ClassVar = [migrations.RunSQL(_WAITING, migrations.RunSQL.noop)]
