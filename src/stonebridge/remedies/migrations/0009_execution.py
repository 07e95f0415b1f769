"""A case is moved through a guarded exit only while nothing stands in the way, judged in the moment of moving.

Every record of the identity is locked, and everybody behind an open link by identifier, as for a disclosure. A claim,
an appeal, a referral, a finding, a hold and a link wait for a step that is being judged about the same person, and
make a later one wait. What silence and the end of a time limit mean is dated law, which the gate in code reads.
"""

from typing import ClassVar

from django.db import migrations

_REMEDIES = """
ALTER TABLE remedies_remedy ADD CONSTRAINT remedies_remedy_person FOREIGN KEY (person_id)
    REFERENCES registry_person (id) ON DELETE CASCADE;
ALTER TABLE remedies_remedy ENABLE ROW LEVEL SECURITY;
ALTER TABLE remedies_remedy FORCE ROW LEVEL SECURITY;
CREATE POLICY opened_with_its_person ON remedies_remedy FOR ALL TO app
    USING (EXISTS (SELECT 1 FROM registry_person p WHERE p.id = remedies_remedy.person_id));
CREATE TRIGGER remedy_waits_its_turn BEFORE INSERT ON remedies_remedy
    FOR EACH ROW EXECUTE FUNCTION claim_waits_its_turn();
CREATE FUNCTION a_remedy_ends_once() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.ended_on IS NOT NULL THEN
        RAISE EXCEPTION 'a_remedy_ends_once: what has ended is history';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_remedy_ends_once BEFORE UPDATE ON remedies_remedy FOR EACH ROW EXECUTE FUNCTION a_remedy_ends_once();
"""
_TURNS = """
CREATE FUNCTION finding_waits_its_turn() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE person uuid;
BEGIN
    SELECT c.person_id INTO person FROM casework_case c WHERE c.id = NEW.case_id;
    PERFORM lock_identity(person);
    PERFORM lock_facts(ARRAY[person]);
    RETURN NEW;
END $$;
CREATE TRIGGER finding_waits_its_turn BEFORE INSERT ON casework_finding
    FOR EACH ROW EXECUTE FUNCTION finding_waits_its_turn();
CREATE FUNCTION link_waits_its_turn() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE members uuid[];
BEGIN
    SELECT array_agg(DISTINCT i) INTO members FROM (
        SELECT identity_of(NEW.first_id) AS i UNION SELECT identity_of(NEW.second_id)) AS both_identities;
    PERFORM 1 FROM registry_person p WHERE p.id = ANY (members) ORDER BY p.id FOR UPDATE;
    PERFORM lock_facts(members);
    RETURN NEW;
END $$;
CREATE TRIGGER link_waits_its_turn BEFORE INSERT ON identification_link
    FOR EACH ROW EXECUTE FUNCTION link_waits_its_turn();
"""
_STEP = """
CREATE FUNCTION guard_is_open(guard text, of_case uuid, records uuid[]) RETURNS boolean LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF guard IN ('silence', 'expiry') THEN RETURN true; END IF;
    IF guard = 'claim' THEN
        RETURN NOT EXISTS (SELECT 1 FROM unnest(records) AS r WHERE latest_claim(r) NOT IN ('none', 'finally_rejected'));
    END IF;
    IF guard = 'trafficking' THEN
        RETURN NOT EXISTS (SELECT 1 FROM unnest(records) AS r WHERE protection.open_referral(r) <> 'closed');
    END IF;
    IF guard = 'remedy' AND EXISTS (SELECT 1 FROM remedies_remedy m WHERE m.person_id = ANY (records)
                                     AND m.ended_on IS NULL AND m.suspends <> 'no') THEN
        RETURN false;
    END IF;
    RETURN coalesce((SELECT f.answer IN ('no_obstacle', 'not_applicable') AND f.expires_on >= current_date
                       FROM casework_finding f WHERE f.case_id = of_case AND f.guard = guard_is_open.guard
                      ORDER BY f.found_at DESC, f.id DESC LIMIT 1), false);
END $$;
CREATE FUNCTION step_finds_gates_open() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE moved casework_case; members uuid[]; records uuid[]; from_stage text; asked text;
BEGIN
    SELECT * INTO moved FROM casework_case c WHERE c.id = NEW.case_id;
    members := lock_identity(moved.person_id);
    SELECT members || coalesce(array_agg(n), '{}') INTO records FROM yellow_neighbours(members) AS n;
    PERFORM lock_facts(records);
    PERFORM 1 FROM casework_case c WHERE c.id = NEW.case_id FOR UPDATE;
    SELECT s.stage INTO from_stage FROM casework_step s WHERE s.case_id = NEW.case_id ORDER BY s.sequence DESC LIMIT 1;
    IF NEW.sequence <> 1 + (SELECT count(*) FROM casework_step s WHERE s.case_id = NEW.case_id)
       OR NOT EXISTS (SELECT 1 FROM casework_guardedexit g
                       WHERE g.process = moved.process AND g.version = moved.version
                         AND g.stage = coalesce(from_stage, '') AND g.outcome = NEW.outcome AND g."to" = NEW.stage) THEN
        RAISE EXCEPTION 'step_follows_declaration: the process declares no such step from here';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM casework_guardedexit g
                    WHERE g.process = moved.process AND g.version = moved.version AND g.stage = from_stage
                      AND g.outcome = NEW.outcome AND g.guard NOT IN ('', 'silence', 'expiry')) THEN
        RETURN NEW;
    END IF;
    IF hold_stands(records) THEN
        RAISE EXCEPTION 'step_finds_gates_open: a hold stands that nobody has lifted';
    END IF;
    IF EXISTS (SELECT 1 FROM unnest(records) AS r WHERE NOT EXISTS (SELECT 1 FROM registry_person p WHERE p.id = r)) THEN
        RAISE EXCEPTION 'step_finds_gates_open: a record of the person, or of somebody who may be the same, is closed';
    END IF;
    FOR asked IN SELECT g.guard FROM casework_guardedexit g
                  WHERE g.process = moved.process AND g.version = moved.version AND g.stage = from_stage
                    AND g.outcome = NEW.outcome ORDER BY g.guard LOOP
        IF NOT guard_is_open(asked, NEW.case_id, records) THEN
            RAISE EXCEPTION 'step_finds_gates_open: %', asked;
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
CREATE TRIGGER step_finds_gates_open BEFORE INSERT ON casework_step
    FOR EACH ROW EXECUTE FUNCTION step_finds_gates_open();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("remedies", "0008_remedy"), ("casework", "0002_walls"), ("identification", "0006_rows"),
        ("protection", "0002_doors"),
    ]  # fmt: skip
    operations: ClassVar = [
        migrations.RunSQL(_REMEDIES, migrations.RunSQL.noop),
        migrations.RunSQL(_TURNS, migrations.RunSQL.noop),
        migrations.RunSQL(_STEP, migrations.RunSQL.noop),
    ]
