"""Rows of a case open with its purpose and its person; a case ends with its person; what was added is never changed."""

from typing import ClassVar

from django.db import migrations

_OF_A_CASE = ("casework_step", "casework_work", "casework_finding")
_ROWS = """
ALTER TABLE casework_case ADD CONSTRAINT casework_case_person FOREIGN KEY (person_id)
    REFERENCES registry_person (id) ON DELETE CASCADE;
ALTER TABLE casework_case ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_case FORCE ROW LEVEL SECURITY;
CREATE POLICY opened_for_its_purpose ON casework_case FOR ALL TO app
    USING ((SELECT current_setting('stonebridge.purpose')) IN (purpose, 'data_protection')
           AND EXISTS (SELECT 1 FROM registry_person p WHERE p.id = casework_case.person_id));
""" + "".join(
    f"""
DO $$ DECLARE made text; BEGIN
    SELECT conname INTO made FROM pg_constraint WHERE conrelid = '{table}'::regclass AND contype = 'f';
    EXECUTE format('ALTER TABLE {table} DROP CONSTRAINT %I', made);
END $$;
ALTER TABLE {table} ADD CONSTRAINT {table}_case FOREIGN KEY (case_id) REFERENCES casework_case (id) ON DELETE CASCADE;
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY opened_with_its_case ON {table} FOR ALL TO app
    USING (EXISTS (SELECT 1 FROM casework_case c WHERE c.id = {table}.case_id));
"""
    for table in _OF_A_CASE
)
_STAGE = """
CREATE FUNCTION stage_is_that_of_the_latest_step() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.stage IS DISTINCT FROM (SELECT s.stage FROM casework_step s WHERE s.case_id = NEW.id
                                    ORDER BY s.sequence DESC LIMIT 1) THEN
        RAISE EXCEPTION 'stage_is_that_of_the_latest_step: a case moves by its steps alone';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stage_is_that_of_the_latest_step BEFORE UPDATE ON casework_case
    FOR EACH ROW EXECUTE FUNCTION stage_is_that_of_the_latest_step();
CREATE FUNCTION a_case_begins_at_the_beginning() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.ended_at IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM casework_guardedexit g WHERE g.process = NEW.process AND g.version = NEW.version
           AND g.stage = '' AND g."to" = NEW.stage) THEN
        RAISE EXCEPTION 'a_case_begins_at_the_beginning: no such process, or it does not begin there';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_case_begins_at_the_beginning BEFORE INSERT ON casework_case
    FOR EACH ROW EXECUTE FUNCTION a_case_begins_at_the_beginning();
CREATE FUNCTION a_second_hand_is_put_once() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.seconded_at IS NOT NULL THEN
        RAISE EXCEPTION 'a_second_hand_is_put_once: it stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_second_hand_is_put_once BEFORE UPDATE ON casework_work
    FOR EACH ROW EXECUTE FUNCTION a_second_hand_is_put_once();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("casework", "0001_initial"), ("registry", "0002_walls"), ("safeguards", "0001_initial")]
    operations: ClassVar = [
        migrations.RunSQL(_ROWS, migrations.RunSQL.noop),
        migrations.RunSQL(_STAGE, migrations.RunSQL.noop),
    ]
