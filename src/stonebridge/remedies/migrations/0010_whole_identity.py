"""What was found in another case of the identity counts, and the day of a step is that on which it is taken.

A finding that does not open, made in a case of a linked record or of somebody who may be the same, is a fact of the
identity like a claim; the case's own answer opens nothing beside it. An ended case can find nothing anew, so what was
found in it counts until the running case found out later. The day on which a finding ends is told by the step's own time,
as in the gate in code, and never by an earlier day than the case has reached.
"""

from typing import ClassVar

from django.db import migrations

_GUARD = """
DROP FUNCTION guard_is_open(text, uuid, uuid[]);
CREATE FUNCTION guard_is_open(guard text, of_case uuid, records uuid[], today date) RETURNS boolean LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE own casework_finding;
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
    SELECT * INTO own FROM casework_finding f WHERE f.case_id = of_case AND f.guard = guard_is_open.guard
     ORDER BY f.found_at DESC, f.id DESC LIMIT 1;
    IF own.id IS NULL OR own.answer NOT IN ('no_obstacle', 'not_applicable') OR own.expires_on < today THEN
        RETURN false;
    END IF;
    RETURN NOT EXISTS (
        SELECT 1 FROM casework_case c CROSS JOIN LATERAL (
            SELECT f.answer, f.found_at FROM casework_finding f WHERE f.case_id = c.id AND f.guard = guard_is_open.guard
             ORDER BY f.found_at DESC, f.id DESC LIMIT 1) AS latest
         WHERE c.person_id = ANY (records) AND c.id <> of_case AND latest.answer IN ('obstacle', 'unknown')
           AND (c.ended_at IS NULL OR latest.found_at > own.found_at));
END $$;
"""
_STEP = """
CREATE OR REPLACE FUNCTION step_finds_gates_open() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE moved casework_case; last casework_step; members uuid[]; records uuid[]; asked text; today date;
BEGIN
    SELECT * INTO moved FROM casework_case c WHERE c.id = NEW.case_id;
    members := lock_identity(moved.person_id);
    SELECT members || coalesce(array_agg(n), '{}') INTO records FROM yellow_neighbours(members) AS n;
    PERFORM lock_facts(records);
    PERFORM 1 FROM casework_case c WHERE c.id = NEW.case_id FOR UPDATE;
    SELECT * INTO last FROM casework_step s WHERE s.case_id = NEW.case_id ORDER BY s.sequence DESC LIMIT 1;
    IF NEW.sequence <> 1 + coalesce(last.sequence, 0)
       OR NOT EXISTS (SELECT 1 FROM casework_guardedexit g
                       WHERE g.process = moved.process AND g.version = moved.version
                         AND g.stage = coalesce(last.stage, '') AND g.outcome = NEW.outcome AND g."to" = NEW.stage) THEN
        RAISE EXCEPTION 'step_follows_declaration: the process declares no such step from here';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM casework_guardedexit g
                    WHERE g.process = moved.process AND g.version = moved.version AND g.stage = last.stage
                      AND g.outcome = NEW.outcome AND g.guard NOT IN ('', 'silence', 'expiry')) THEN
        RETURN NEW;
    END IF;
    IF hold_stands(records) THEN
        RAISE EXCEPTION 'step_finds_gates_open: a hold stands that nobody has lifted';
    END IF;
    IF EXISTS (SELECT 1 FROM unnest(records) AS r WHERE NOT EXISTS (SELECT 1 FROM registry_person p WHERE p.id = r)) THEN
        RAISE EXCEPTION 'step_finds_gates_open: a record of the person, or of somebody who may be the same, is closed';
    END IF;
    today := (greatest(NEW.entered_at, last.entered_at) AT TIME ZONE 'UTC')::date;
    FOR asked IN SELECT g.guard FROM casework_guardedexit g
                  WHERE g.process = moved.process AND g.version = moved.version AND g.stage = last.stage
                    AND g.outcome = NEW.outcome ORDER BY g.guard LOOP
        IF NOT guard_is_open(asked, NEW.case_id, records, today) THEN
            RAISE EXCEPTION 'step_finds_gates_open: %', asked;
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("remedies", "0009_execution")]
    operations: ClassVar = [
        migrations.RunSQL(_GUARD, migrations.RunSQL.noop),
        migrations.RunSQL(_STEP, migrations.RunSQL.noop),
    ]
