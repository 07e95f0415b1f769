"""A record behind an open link that this purpose does not show is in doubt: nothing goes out until it is seen or settled.

Its states of origin are hidden with it, and a row that is hidden must not open the way. Holds are
asked for by ``hold_stands``, which sees them whatever the purpose.
"""

from typing import ClassVar

from django.db import migrations

_DISCLOSURE = """
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
    IF hold_stands(members || neighbours) THEN
        RAISE EXCEPTION 'disclosure_spares_origin: a hold stands that nobody has lifted';
    END IF;
    IF EXISTS (SELECT 1 FROM unnest(neighbours) AS n
                WHERE NOT EXISTS (SELECT 1 FROM registry_person p WHERE p.id = n)) THEN
        RAISE EXCEPTION 'disclosure_spares_origin: somebody who may be the same person is closed to this purpose';
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
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("remedies", "0003_exchange_walls"), ("registry", "0005_rows_of_safeguards")]
    operations: ClassVar = [migrations.RunSQL(_DISCLOSURE, migrations.RunSQL.noop)]
