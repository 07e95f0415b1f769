"""The tables of both logs, what the database checks by itself, and the functions through which others use them."""

from typing import ClassVar

import django.contrib.postgres.functions
from django.db import migrations, models
from django.db.models import Q

ENTRY_COMMENT = "Who did what to whose data: an event, sealed with a salt; append-only, emptied by erasure alone"
QUEUE_COMMENT = "Entries that are committed but not yet numbered"
LEAF_COMMENT = "An entry's place in the log: its number, its leaf, and the chain of its person after it; append-only"
CHECKPOINT_COMMENT = "What the log signed of itself at one size, as it was sent to witnesses; append-only"

WALLS = """
ALTER TABLE "{schema}"."{prefix}entry"
  ADD CONSTRAINT {prefix}entry_sizes CHECK (
    octet_length(person_tag) = 32 AND octet_length(commitment) = 32 AND octet_length(salt) = 32),
  ADD CONSTRAINT {prefix}entry_is_what_it_commits_to CHECK (commitment = sha256(salt || event));

ALTER TABLE "{schema}"."{prefix}leaf"
  ADD CONSTRAINT {prefix}leaf_sizes CHECK (
    octet_length(person_tag) = 32 AND octet_length(commitment) = 32 AND octet_length(person_head) = 32),
  ADD CONSTRAINT {prefix}leaf_is_hashed CHECK (leaf_hash = sha256('\\x00'::bytea || person_tag || commitment));

CREATE FUNCTION "{schema}"."{prefix}append"(id uuid, salt bytea, event bytea, person_tag bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO "{schema}"."{prefix}entry" (id, salt, event, person_tag, commitment)
    VALUES ($1, $2, $3, $4, sha256($2 || $3));
  INSERT INTO "{schema}"."{prefix}queue" (entry_id) VALUES ($1);
END $$;
COMMENT ON FUNCTION "{schema}"."{prefix}append" IS 'The one way into the log';

CREATE FUNCTION "{schema}"."{prefix}require_logged_access"(tag bytea) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM "{schema}"."{prefix}entry" AS own
    WHERE own.written_at = transaction_timestamp() AND (tag IS NULL OR own.person_tag = tag)
      AND convert_from(own.event, 'UTF8')::jsonb @> '{{"action": "read_log", "outcome": "permitted"}}'
  ) THEN
    RAISE EXCEPTION 'the log is read only in a transaction that has logged this reading'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;
COMMENT ON FUNCTION "{schema}"."{prefix}require_logged_access" IS 'Whether this transaction has logged that it reads';

CREATE FUNCTION "{schema}"."{prefix}entries_about"(tag bytea)
RETURNS TABLE (number bigint, id uuid, event bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM "{schema}"."{prefix}require_logged_access"(tag);
  RETURN QUERY
    SELECT leaf.number, entry.id, entry.event
    FROM "{schema}"."{prefix}entry" AS entry
    LEFT JOIN "{schema}"."{prefix}leaf" AS leaf ON leaf.entry_id = entry.id
    WHERE entry.person_tag = tag
    ORDER BY entry.id;
END $$;
COMMENT ON FUNCTION "{schema}"."{prefix}entries_about" IS 'All entries about one person';

CREATE FUNCTION "{schema}"."{prefix}entries_between"(since uuid, until uuid, actor text, most integer)
RETURNS TABLE (number bigint, id uuid, event bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM "{schema}"."{prefix}require_logged_access"(NULL);
  RETURN QUERY
    SELECT leaf.number, entry.id, entry.event
    FROM "{schema}"."{prefix}entry" AS entry
    LEFT JOIN "{schema}"."{prefix}leaf" AS leaf ON leaf.entry_id = entry.id
    WHERE entry.id >= since AND entry.id < until
      AND (actor = '' OR convert_from(entry.event, 'UTF8')::jsonb ->> 'actor' = actor)
    ORDER BY entry.id DESC
    LIMIT most;
END $$;
COMMENT ON FUNCTION "{schema}"."{prefix}entries_between" IS 'Entries of a time, as UUIDs of version 7 count it, latest first; of one actor if named';

CREATE FUNCTION "{schema}"."{prefix}refuse_change"() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '% of % is refused: the log only grows', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$;
COMMENT ON FUNCTION "{schema}"."{prefix}refuse_change" IS 'The log only grows';

CREATE FUNCTION "{schema}"."{prefix}allow_erasure_alone"() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF OLD.erasure_id IS NOT NULL OR NEW.erasure_id IS NULL
    OR (NEW.id, NEW.written_at, NEW.person_tag, NEW.commitment)
      IS DISTINCT FROM (OLD.id, OLD.written_at, OLD.person_tag, OLD.commitment)
  THEN
    RAISE EXCEPTION 'an entry of the log is never changed; erasure alone empties it'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION "{schema}"."{prefix}allow_erasure_alone" IS 'Nothing but erasure changes an entry';

CREATE TRIGGER erasure_alone BEFORE UPDATE ON "{schema}"."{prefix}entry"
  FOR EACH ROW EXECUTE FUNCTION "{schema}"."{prefix}allow_erasure_alone"();
CREATE TRIGGER no_deletion BEFORE DELETE OR TRUNCATE ON "{schema}"."{prefix}entry"
  FOR EACH STATEMENT EXECUTE FUNCTION "{schema}"."{prefix}refuse_change"();
CREATE TRIGGER only_growth BEFORE UPDATE OR DELETE OR TRUNCATE ON "{schema}"."{prefix}leaf"
  FOR EACH STATEMENT EXECUTE FUNCTION "{schema}"."{prefix}refuse_change"();
CREATE TRIGGER only_growth BEFORE UPDATE OR DELETE OR TRUNCATE ON "{schema}"."{prefix}checkpoint"
  FOR EACH STATEMENT EXECUTE FUNCTION "{schema}"."{prefix}refuse_change"();

REVOKE ALL ON FUNCTION "{schema}"."{prefix}append", "{schema}"."{prefix}require_logged_access",
  "{schema}"."{prefix}entries_about", "{schema}"."{prefix}entries_between", "{schema}"."{prefix}refuse_change",
  "{schema}"."{prefix}allow_erasure_alone" FROM PUBLIC;
"""


def tables(kind: str, schema: str, prefix: str) -> list[migrations.CreateModel]:
    """The four tables of one log. ``kind`` begins the names of their models."""
    lower = kind.lower()
    return [
        migrations.CreateModel(
            name=f"{kind}Entry",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                (
                    "written_at",
                    models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), db_index=True),
                ),
                ("salt", models.BinaryField(null=True)),
                (
                    "event",
                    models.BinaryField(help_text="The event in its one encoding; empty after erasure", null=True),
                ),
                (
                    "person_tag",
                    models.BinaryField(db_index=True, help_text="Stands for the person; HMAC of the identifier"),
                ),
                ("commitment", models.BinaryField(help_text="SHA-256 of salt and event; stays after erasure")),
                (
                    "erasure_id",
                    models.UUIDField(help_text="The entry that records the erasure of this one", null=True),
                ),
            ],
            options={
                "db_table": f'"{schema}"."{prefix}entry"',
                "db_table_comment": ENTRY_COMMENT,
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(salt__isnull=False, event__isnull=False, erasure_id__isnull=True)
                        | Q(salt__isnull=True, event__isnull=True, erasure_id__isnull=False),
                        name=f"{lower}entry_is_whole_or_erased",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name=f"{kind}Queued",
            fields=[
                ("arrived", models.BigAutoField(primary_key=True, serialize=False)),
                ("entry_id", models.UUIDField()),
            ],
            options={
                "db_table": f'"{schema}"."{prefix}queue"',
                "db_table_comment": QUEUE_COMMENT,
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name=f"{kind}Leaf",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("entry_id", models.UUIDField(unique=True)),
                ("person_tag", models.BinaryField()),
                ("commitment", models.BinaryField()),
                ("leaf_hash", models.BinaryField()),
                (
                    "person_length",
                    models.BigIntegerField(help_text="How many entries the person's chain has with this one"),
                ),
                ("person_head", models.BinaryField(help_text="The head of the person's chain with this one")),
            ],
            options={
                "db_table": f'"{schema}"."{prefix}leaf"',
                "db_table_comment": LEAF_COMMENT,
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(number__gte=1, person_length__gte=1), name=f"{lower}leaf_counts_from_1"
                    ),
                    models.UniqueConstraint(
                        fields=("person_tag", "person_length"), name=f"{lower}leaf_is_one_link_of_a_chain"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name=f"{kind}Checkpoint",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("size", models.BigIntegerField()),
                ("root", models.BinaryField()),
                ("persons_root", models.BinaryField()),
                ("note", models.BinaryField(help_text="The signed note, byte for byte")),
                ("signed_at", models.DateTimeField()),
            ],
            options={
                "db_table": f'"{schema}"."{prefix}checkpoint"',
                "db_table_comment": CHECKPOINT_COMMENT,
                "abstract": False,
            },
        ),
    ]


class Migration(migrations.Migration):
    initial = True
    dependencies: ClassVar = []
    operations: ClassVar = [
        *tables("", "log", ""),
        *tables("Protection", "protection", "log_"),
        migrations.RunSQL(WALLS.format(schema="log", prefix="")),
        migrations.RunSQL(WALLS.format(schema="protection", prefix="log_")),
    ]
