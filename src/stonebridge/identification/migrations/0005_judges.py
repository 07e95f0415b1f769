"""An opinion is an examiner's or supervisor's in post, on a pair that is open; a known pair founds no link.

The application role could otherwise write two opinions under invented names and join two
identities on them.
"""

from typing import ClassVar

from django.db import migrations

_JUDGES = """
CREATE FUNCTION opinion_is_a_judges() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE task identification_task;
BEGIN
    SELECT * INTO task FROM identification_task t WHERE t.id = NEW.task_id;
    IF task.state <> 'open' THEN
        RAISE EXCEPTION 'opinion_is_a_judges: the pair is settled';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM accounts_posting p JOIN accounts_officer o ON o.id = p.officer_id
         WHERE p.officer_id::text = NEW.officer_reference AND o.is_active AND p.role IN ('examiner', 'supervisor')
           AND p.starts_on <= NEW.given_at::date AND (p.ends_on IS NULL OR p.ends_on >= NEW.given_at::date)
    ) THEN
        RAISE EXCEPTION 'opinion_is_a_judges: only an examiner or a supervisor in post judges';
    END IF;
    IF task.why = 'planted' AND EXISTS (
        SELECT 1 FROM identification_judgement j JOIN identification_task t ON t.id = j.task_id
         WHERE j.officer_reference = NEW.officer_reference
           AND least(t.probe_id, t.candidate_id) = least(task.probe_id, task.candidate_id)
           AND greatest(t.probe_id, t.candidate_id) = greatest(task.probe_id, task.candidate_id)
    ) THEN
        RAISE EXCEPTION 'opinion_is_a_judges: a known pair is judged by others than those who made it known';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER opinion_is_a_judges BEFORE INSERT ON identification_judgement
    FOR EACH ROW EXECUTE FUNCTION opinion_is_a_judges();

CREATE FUNCTION known_pair_founds_no_link() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM identification_task t WHERE t.id = NEW.task_id AND t.why = 'planted') THEN
        RAISE EXCEPTION 'known_pair_founds_no_link: what officers say of a known pair measures them alone';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER known_pair_founds_no_link BEFORE INSERT ON identification_link
    FOR EACH ROW EXECUTE FUNCTION known_pair_founds_no_link();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("identification", "0004_restrictions"), ("accounts", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(_JUDGES, migrations.RunSQL.noop)]
