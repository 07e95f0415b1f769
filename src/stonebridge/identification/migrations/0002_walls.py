"""The walk along links in force, and the triggers that hold what a link rests on."""

from typing import ClassVar

from django.db import migrations

_WALKS = """
CREATE FUNCTION identity_of(record uuid) RETURNS SETOF uuid LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH RECURSIVE walk(id) AS (
        SELECT record
        UNION
        SELECT CASE WHEN l.first_id = w.id THEN l.second_id ELSE l.first_id END
          FROM walk w JOIN identification_link l ON w.id IN (l.first_id, l.second_id)
         WHERE l.ended_at IS NULL AND l.same_person = 'yes'
    ) SELECT id FROM walk
$$;
CREATE FUNCTION yellow_neighbours(records uuid[]) RETURNS SETOF uuid LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT DISTINCT CASE WHEN l.first_id = ANY (records) THEN l.second_id ELSE l.first_id END
      FROM identification_link l
     WHERE l.ended_at IS NULL AND l.same_person = 'open'
       AND ((l.first_id = ANY (records)) <> (l.second_id = ANY (records)))
$$;
CREATE INDEX link_second_in_force ON identification_link (second_id) WHERE ended_at IS NULL;
"""

_JUDGEMENTS = """
CREATE FUNCTION link_rests_on_judgements() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.same_person = 'yes' AND 2 <> (
        SELECT count(DISTINCT j.officer_reference) FROM identification_judgement j
          JOIN identification_task t ON t.id = j.task_id
         WHERE j.task_id = NEW.task_id AND j.same_person = 'yes'
           AND j.officer_reference IN (NEW.officer_one, NEW.officer_two)
           AND least(t.probe_id, t.candidate_id) = NEW.first_id AND greatest(t.probe_id, t.candidate_id) = NEW.second_id
    ) THEN
        RAISE EXCEPTION 'link_has_two_officers: two officers must have judged this pair to be the same person';
    END IF;
    IF NEW.justified <> 'not_assessed' AND NOT EXISTS (
        SELECT 1 FROM accounts_posting p
         WHERE p.officer_id::text = NEW.justified_by AND p.role = 'supervisor'
           AND p.starts_on <= NEW.made_at::date AND (p.ends_on IS NULL OR p.ends_on >= NEW.made_at::date)
    ) THEN
        RAISE EXCEPTION 'justification_has_article: only a supervisor in post says whether identities are justified';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER link_rests_on_judgements BEFORE INSERT ON identification_link
    FOR EACH ROW EXECUTE FUNCTION link_rests_on_judgements();

CREATE FUNCTION a_link_ends_once() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'a link that has ended is history';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_link_ends_once BEFORE UPDATE ON identification_link
    FOR EACH ROW EXECUTE FUNCTION a_link_ends_once();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("identification", "0001_initial"), ("registry", "0002_walls"), ("accounts", "0001_initial"),
    ]  # fmt: skip
    operations: ClassVar = [
        migrations.RunSQL(_WALKS, migrations.RunSQL.noop),
        migrations.RunSQL(_JUDGEMENTS, migrations.RunSQL.noop),
    ]
