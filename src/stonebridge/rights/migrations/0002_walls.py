"""One deed takes a person away: the database checks the two officers and what keeps a record, whoever asks.

``erase_person`` runs for the role ``retention`` alone, on a demand that two data-protection officers
in post have made. The owner sees the rows it takes away only while it runs. ``is_kept_from_erasure``
answers yes or no; a pair that waits, or an open link, keeps a record too, so that no doubt about
somebody else ends because its cause was erased.
"""

from typing import ClassVar

from django.db import migrations

_GUARDED = (
    "registry_person", "registry_identitystatement", "registry_name", "registry_searchkey", "registry_nationality",
    "registry_document", "registry_arrival", "registry_familymember", "identification_search",
    "identification_candidate", "identification_task", "identification_judgement", "identification_link",
    "remedies_protectionclaim", "remedies_origin", "remedies_disclosure", "safeguards_historyentry",
    "safeguards_restriction", "safeguards_hold", "rights_erasure", "exchange_question", "exchange_handle",
    "exchange_outgoing", "exchange_incoming",
)  # fmt: skip
_ROWS = """
ALTER TABLE rights_erasure ENABLE ROW LEVEL SECURITY;
ALTER TABLE rights_erasure FORCE ROW LEVEL SECURITY;
CREATE POLICY purpose_opens_erasure ON rights_erasure FOR ALL TO app
    USING ((SELECT current_setting('stonebridge.purpose')) = 'data_protection');
""" + "".join(
    f"""
CREATE POLICY erasure_runs ON {table} FOR ALL TO owner USING (current_setting('stonebridge.erasing', true) = 'yes');
"""
    for table in _GUARDED
)
_KEPT = """
CREATE FUNCTION is_kept_from_erasure(records uuid[]) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE kept boolean; before text := coalesce(current_setting('stonebridge.erasing', true), '');
BEGIN
    PERFORM set_config('stonebridge.erasing', 'yes', true);
    kept := is_restricted(records) OR hold_stands(records)
        OR EXISTS (SELECT 1 FROM yellow_neighbours(records))
        OR EXISTS (SELECT 1 FROM identification_task t WHERE t.state = 'open'
                    AND (t.probe_id = ANY (records) OR t.candidate_id = ANY (records)))
        OR EXISTS (SELECT 1 FROM unnest(records) AS r WHERE latest_claim(r) = 'pending')
        OR EXISTS (SELECT 1 FROM unnest(records) AS r WHERE protection.open_referral(r) = 'open');
    PERFORM set_config('stonebridge.erasing', before, true);
    RETURN kept;
END $$;
"""
_ERASE = """
CREATE FUNCTION erase_person(demand uuid) RETURNS uuid[] LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE asked rights_erasure; gone uuid[]; families uuid[];
BEGIN
    PERFORM set_config('stonebridge.erasing', 'yes', true);
    SELECT * INTO asked FROM rights_erasure e WHERE e.id = demand FOR UPDATE;
    IF asked.person_id IS NULL OR asked.confirmed_at IS NULL OR 2 <> (
        SELECT count(DISTINCT p.officer_id) FROM accounts_posting p JOIN accounts_officer o ON o.id = p.officer_id
         WHERE o.is_active AND p.role = 'data_protection_officer'
           AND (p.officer_id::text = asked.asked_by AND p.starts_on <= asked.asked_at::date
                AND (p.ends_on IS NULL OR p.ends_on >= asked.asked_at::date)
             OR p.officer_id::text = asked.confirmed_by AND p.starts_on <= asked.confirmed_at::date
                AND (p.ends_on IS NULL OR p.ends_on >= asked.confirmed_at::date))
    ) THEN
        RAISE EXCEPTION 'erasure_has_two_officers: two data protection officers in post must have asked and confirmed';
    END IF;
    gone := lock_identity(asked.person_id);
    PERFORM lock_facts(gone);
    IF is_kept_from_erasure(gone) THEN
        RAISE EXCEPTION 'erasure_waits: something keeps this record';
    END IF;
    DELETE FROM identification_judgement j USING identification_task t
     WHERE t.id = j.task_id AND (t.probe_id = ANY (gone) OR t.candidate_id = ANY (gone));
    DELETE FROM identification_link WHERE first_id = ANY (gone) OR second_id = ANY (gone);
    DELETE FROM identification_task WHERE probe_id = ANY (gone) OR candidate_id = ANY (gone);
    DELETE FROM identification_candidate c USING identification_search s
     WHERE s.id = c.search_id AND (c.person_id = ANY (gone) OR s.probe_id = ANY (gone));
    DELETE FROM identification_search WHERE probe_id = ANY (gone);
    DELETE FROM remedies_protectionclaim WHERE person_id = ANY (gone);
    DELETE FROM remedies_origin WHERE person_id = ANY (gone);
    DELETE FROM remedies_disclosure WHERE person_id = ANY (gone);
    DELETE FROM exchange_question WHERE person_id = ANY (gone);
    DELETE FROM exchange_handle WHERE person_id = ANY (gone);
    DELETE FROM exchange_outgoing WHERE person_id = ANY (gone);
    DELETE FROM exchange_incoming WHERE person_id = ANY (gone);
    DELETE FROM protection.referral WHERE person_id = ANY (gone);
    DELETE FROM protection.screening WHERE person_id = ANY (gone);
    DELETE FROM vault.biometric_record WHERE person_id = ANY (gone);
    DELETE FROM safeguards_historyentry WHERE person_id = ANY (gone);
    DELETE FROM safeguards_restriction WHERE person_id = ANY (gone);
    DELETE FROM safeguards_hold WHERE person_id = ANY (gone);
    DELETE FROM registry_name n USING registry_identitystatement s
     WHERE s.id = n.statement_id AND s.person_id = ANY (gone);
    DELETE FROM registry_nationality n USING registry_identitystatement s
     WHERE s.id = n.statement_id AND s.person_id = ANY (gone);
    DELETE FROM registry_identitystatement WHERE person_id = ANY (gone);
    DELETE FROM registry_searchkey WHERE person_id = ANY (gone);
    DELETE FROM registry_document WHERE person_id = ANY (gone);
    DELETE FROM registry_arrival WHERE person_id = ANY (gone);
    SELECT coalesce(array_agg(group_id), '{}') INTO families FROM registry_familymember WHERE person_id = ANY (gone);
    DELETE FROM registry_familymember WHERE person_id = ANY (gone);
    DELETE FROM registry_familygroup g WHERE g.id = ANY (families)
       AND NOT EXISTS (SELECT 1 FROM registry_familymember m WHERE m.group_id = g.id);
    DELETE FROM registry_person WHERE id = ANY (gone);
    INSERT INTO identification_gallerychange (person_id, made_at) SELECT r, now() FROM unnest(gone) AS r;
    UPDATE rights_erasure SET person_id = NULL, reason = '', records = cardinality(gone)
     WHERE id = demand;
    PERFORM set_config('stonebridge.erasing', 'no', true);
    RETURN gone;
END $$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("rights", "0001_initial"), ("remedies", "0004_closed_neighbours"), ("identification", "0006_rows"),
        ("protection", "0002_doors"), ("registry", "0005_rows_of_safeguards"), ("accounts", "0001_initial"), ("exchange", "0002_messages"),
    ]  # fmt: skip
    operations: ClassVar = [
        migrations.RunSQL(_ROWS, migrations.RunSQL.noop),
        migrations.RunSQL(_KEPT, migrations.RunSQL.noop),
        migrations.RunSQL(_ERASE, migrations.RunSQL.noop),
    ]
