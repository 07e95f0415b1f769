"""What goes out is checked again at the moment of going out, with every record of the identity locked.

A claim and a disclosure about one identity wait for each other: both lock its records
in the order of their identifiers. Row locks reach the records of one identity, and rows
that the purpose shows; what else decides, such as the claim of somebody behind an open
yellow link, is locked by the identifier alone, after the rows and in one order.

A hold stands until an officer has found that it belongs to nobody here, and it stands
whichever the state. A state of origin of somebody who may be the same person is one in
doubt: nothing goes there meanwhile.
"""

from typing import ClassVar

from django.db import migrations

_LOCK = """
CREATE FUNCTION lock_identity(record uuid) RETURNS uuid[] LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE members uuid[];
BEGIN
    SELECT array_agg(i ORDER BY i) INTO members FROM identity_of(record) AS i;
    PERFORM 1 FROM registry_person p WHERE p.id = ANY (members) ORDER BY p.id FOR UPDATE;
    SELECT array_agg(i ORDER BY i) INTO members FROM identity_of(record) AS i;
    RETURN members;
END $$;
CREATE FUNCTION lock_facts(records uuid[]) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE one uuid;
BEGIN
    FOR one IN SELECT DISTINCT r FROM unnest(records) AS r ORDER BY r LOOP
        PERFORM pg_advisory_xact_lock(hashtextextended(one::text, 0));
    END LOOP;
END $$;
CREATE FUNCTION claim_waits_its_turn() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM lock_identity(NEW.person_id);
    PERFORM lock_facts(ARRAY[NEW.person_id]);
    RETURN NEW;
END $$;
CREATE TRIGGER claim_waits_its_turn BEFORE INSERT ON remedies_protectionclaim
    FOR EACH ROW EXECUTE FUNCTION claim_waits_its_turn();
CREATE TRIGGER origin_waits_its_turn BEFORE INSERT ON remedies_origin
    FOR EACH ROW EXECUTE FUNCTION claim_waits_its_turn();
"""

_DISCLOSURE = """
CREATE FUNCTION latest_claim(record uuid) RETURNS text LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce((SELECT c.state FROM remedies_protectionclaim c WHERE c.person_id = record
                      ORDER BY c.as_of DESC, c.recorded_at DESC, c.id DESC LIMIT 1), 'unknown')
$$;
CREATE FUNCTION latest_origin(record uuid, of_state text) RETURNS text LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT coalesce((SELECT o.is_origin FROM remedies_origin o WHERE o.person_id = record AND o.state = of_state
                      ORDER BY o.recorded_at DESC, o.id DESC LIMIT 1), 'unknown')
$$;
CREATE FUNCTION disclosure_is_open() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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
    IF 'yes' <> ALL (answers)
       AND EXISTS (SELECT 1 FROM unnest(neighbours) AS n WHERE latest_origin(n, NEW.to_state) = 'yes') THEN
        RAISE EXCEPTION 'disclosure_spares_origin: for somebody who may be the same person it is a state of origin';
    END IF;
    IF 'yes' <> ALL (answers) AND 'unknown' <> ALL (answers) THEN RETURN NEW; END IF;
    IF 'unknown' = ANY (answers) AND 'yes' <> ALL (answers)
       OR EXISTS (SELECT 1 FROM unnest(members || neighbours) AS m WHERE latest_claim(m) <> 'none') THEN
        RAISE EXCEPTION 'disclosure_spares_origin: nothing goes to a state of origin while a claim is not excluded';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER disclosure_is_open BEFORE INSERT ON remedies_disclosure
    FOR EACH ROW EXECUTE FUNCTION disclosure_is_open();
"""

_ROWS = "".join(
    f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY opened_with_its_person ON {table} FOR ALL TO app
    USING (EXISTS (SELECT 1 FROM registry_person p WHERE p.id = {table}.person_id));
"""
    for table in ("remedies_protectionclaim", "remedies_origin", "remedies_disclosure")
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("remedies", "0001_initial"), ("identification", "0002_walls"), ("protection", "0002_doors"),
    ]  # fmt: skip
    operations: ClassVar = [
        migrations.RunSQL(_LOCK, migrations.RunSQL.noop),
        migrations.RunSQL(_DISCLOSURE, migrations.RunSQL.noop),
        migrations.RunSQL(_ROWS, migrations.RunSQL.noop),
    ]
