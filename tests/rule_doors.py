"""The doors beside the service call: forms through a browser, commands and imports as whoever signed in at a terminal.

A case here does what an officer would do and raises ``TurnedAway`` where the gate refused, with the
rules that the access log names. Where a door does not lead to a rule, ``rule_reasons.toml`` says why.
"""

import io
import json
import re
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from access_log import rows_of
from identification_bench import looked_at
from people import PASSWORD, amira, worker
from rule_cases import SERVICE, Case, World, make_link
from sign_ins import code, enrol, signed_in
from stonebridge.accounts.command_session import sign_in
from stonebridge.accounts.models import Officer
from stonebridge.domain.actor import Actor, Purpose, Role
from stonebridge.identification.models import Link
from stonebridge.registry.models import Person
from stonebridge.safeguards import gate
from stonebridge.safeguards.log.store import STORES
from stonebridge.safeguards.policy import Claim, Fact
from stonebridge.site.command import main

REASONS: Mapping[str, Mapping[str, str]] = tomllib.loads(
    (Path(__file__).parent / "rule_reasons.toml").read_text(encoding="utf-8")
)


class TurnedAway(Exception):
    """The gate refused what came in by a door; ``rules`` are those that the access log names."""

    def __init__(self, rules: frozenset[str]) -> None:
        super().__init__(", ".join(sorted(rules)))
        self.rules = rules


class NotThere(Exception):
    """The door answered that there is nothing: the database shows nothing to somebody who may not see it."""


def rules_logged() -> frozenset[str]:
    """Every rule that an entry of a refusal names, in the access log or in that of protection."""
    rows = [row for store in STORES for row in rows_of("SELECT event FROM {entry}", store=store)]
    events = [json.loads(bytes(event)) for (event,) in rows]
    rules = [event["detail"]["rules"] for event in events if event["outcome"] == "refused"]
    return frozenset(rule for each in rules for rule in each.split(","))


def reference_of(person: object) -> str:
    """Asked for as data protection may, which sees a restricted record too."""
    with gate.act(Purpose.DATA_PROTECTION):
        return Person.objects.get(id=person).reference


def answered(status: int, said: str, *, refused: int, missing: bool) -> None:
    if status == refused and (rules := rules_logged()):
        raise TurnedAway(rules)
    if missing:
        raise NotThere(said)


def post(by: Actor, path: str, fields: Mapping[str, object] | None = None, *, nameless: bool = False) -> None:
    """Sign in as this officer in a browser of their own, and hand a form in."""
    browser = signed_in(Officer.objects.get(id=by.reference))
    if nameless:
        Officer.objects.filter(id=by.reference).update(full_name="")
    answer = browser.post(path, dict(fields or {}))
    answered(answer.status_code, path, refused=403, missing=answer.status_code == 404)
    assert answer.status_code in {200, 302, 403}, f"{answer.status_code} at {path}"


def command(by: Actor, *arguments: str, nameless: bool = False) -> None:
    """Sign in as this officer at the terminal, and run a command."""
    officer = Officer.objects.get(id=by.reference)
    if not Authenticator.objects.filter(user=officer).exists():
        enrol(officer)
    sign_in(officer.email, PASSWORD, code(), now=datetime.now(UTC))
    if nameless:
        Officer.objects.filter(id=by.reference).update(full_name="")
    heard = io.StringIO()
    with redirect_stderr(heard), redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="utf-8")):
        status = main(list(arguments))
    said = heard.getvalue()
    answered(status, said, refused=2, missing=bool(re.search(r"no person|no link|not found|nobody", said)))
    assert status in {0, 1}, said


def handed_in(by: Actor, *options: str, nameless: bool = False, **changes: object) -> None:
    """Register from a file, as somebody signed in at a terminal."""
    registration = {
        "notice": "acknowledged",
        "identity": {"names": [{"part": "given", "text": "Omar"}], "birth": {"text": "about 30"}},
        "arrival": {
            "category": "irregular_crossing", "arrived_on": "2026-11-20", "met_at": "2026-11-21T14:05:00+01:00",
        },
    } | changes  # fmt: skip
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(registration, file)
        file.flush()
        command(by, "person", "register", file.name, *options, nameless=nameless)


# The acts, with what a rule looks at left open.


def _claim(world: World, by: Actor | None = None, *, nameless: bool = False, **fields: str) -> None:
    given = {"state": "pending", "purpose": "registration"} | fields
    post(by or world.clerk, f"/people/{reference_of(world.person)}/claim/", given, nameless=nameless)


def _file(world: World, by: Actor, state: str = "") -> None:
    to = {"to": "authority", "recipient": "An authority", "to_state": state} if state else {"to": "person"}
    fields = {"form_of_file": "json", "purpose": "registration"} | to
    post(by, f"/people/{reference_of(world.ready().person)}/file/", fields)


def _opinion(world: World, by: Actor) -> None:
    fields = {"seen": looked_at(world.task), "same_person": "unsure", "reasons_open": "too_little_data"}
    post(by, f"/pairs/{world.task.reference}/", fields)


def _prints(world: World, person: object) -> None:
    drawn = io.BytesIO()
    Image.new("L", (300, 400), 128).save(drawn, "PNG", dpi=(500, 500))
    image = SimpleUploadedFile("finger.png", drawn.getvalue())
    post(world.clerk, f"/people/{reference_of(person)}/captures/", {"finger1": image})


def _child(world: World) -> object:
    return amira(world.clerk, given="Lina", birth="07.03.2023").id


def _show(world: World, *options: str, by: Actor | None = None, nameless: bool = False) -> None:
    command(by or world.clerk, "person", "show", reference_of(world.person), *options, nameless=nameless)


def _file_there(world: World, by: Actor, *options: str) -> None:
    command(by, "person", "file", reference_of(world.ready().person), *options)


def _to(state: str) -> tuple[str, ...]:
    return "--to", "An authority", "--state", state


def _opinion_there(world: World, by: Actor) -> None:
    reference = world.task.reference
    seen = ("--seen", looked_at(world.task))
    command(by, "task", "judge", reference, "unsure", *seen, "--reason", "too_little_data")


def _assess_there(world: World, article: str) -> None:
    world.ready()
    with gate.act(Purpose.IDENTIFICATION):
        found = {"evidence_identity": "different", "evidence_document": "same"}
        link: Link = make_link(world, same_person="no", colour="green", **found)
    reference, reason = link.reference, ("--reason", "By the papers.")
    command(world.supervisor, "link", "justify", reference, "no", "--article", article, *reason)


def _twice(judge: Callable[[World, Actor], None], world: World, second: Actor) -> None:
    judge(world.ready(), world.examiner)
    judge(world, second)


def _relative(world: World) -> None:
    handed_in(world.clerk, family={"of": reference_of(world.person), "relation": "child"})


FORM: Mapping[str, Case] = {
    "an_actor_is_named": Case(lambda world: _claim(world, nameless=True), _claim),
    "the_purpose_is_the_actors": Case(lambda world: _claim(world, purpose="protection_claim"), _claim),
    "the_role_may_do_this": Case(
        lambda world: _file(world, world.clerk), lambda world: _file(world, world.supervisor)
    ),
    "a_legal_basis_is_named": Case(lambda world: _claim(world, basis="because"), _claim),
    "a_restricted_record_is_closed": Case(lambda world: _claim(world.restricted()), _claim),
    "nothing_goes_to_a_state_of_origin": Case(
        lambda world: _file(world.comes_from("SYR").claims(Claim.PENDING), world.supervisor, "SYR"),
        lambda world: _file(world.comes_from("SRB", Fact.NO).claims(Claim.PENDING), world.supervisor, "SRB"),
    ),
    "an_open_referral_keeps_a_person_here": Case(
        lambda world: _file(world.comes_from("SRB", Fact.NO).referred(), world.supervisor, "SRB"),
        lambda world: _file(world.comes_from("SRB", Fact.NO), world.supervisor, "SRB"),
    ),
    "nobody_judges_twice": Case(
        lambda world: _twice(_opinion, world, world.examiner),
        lambda world: _twice(_opinion, world, world.second_examiner),
    ),
    "small_children_give_no_fingerprints": Case(
        lambda world: _prints(world, _child(world)), lambda world: _prints(world, world.person)
    ),
}  # fmt: skip
COMMAND: Mapping[str, Case] = {
    "an_actor_is_named": Case(lambda world: _show(world, nameless=True), _show),
    "the_purpose_is_the_actors": Case(lambda world: _show(world, "--purpose", "border_check"), _show),
    "the_role_may_do_this": Case(
        lambda world: _file_there(world, world.clerk), lambda world: _file_there(world, world.supervisor)
    ),
    "a_legal_basis_is_named": Case(lambda world: _show(world, "--basis", "because"), _show),
    "a_restricted_record_is_closed": Case(lambda world: _show(world.restricted()), _show),
    "nothing_goes_to_a_state_of_origin": Case(
        lambda world: _file_there(world.comes_from("SYR").claims(Claim.PENDING), world.supervisor, *_to("SYR")),
        lambda world: _file_there(world.comes_from("SRB", Fact.NO).claims(Claim.PENDING), world.supervisor, *_to("SRB")),
    ),
    "an_open_referral_keeps_a_person_here": Case(
        lambda world: _file_there(world.comes_from("SRB", Fact.NO).referred(), world.supervisor, *_to("SRB")),
        lambda world: _file_there(world.comes_from("SRB", Fact.NO), world.supervisor, *_to("SRB")),
    ),
    "nobody_judges_twice": Case(
        lambda world: _twice(_opinion_there, world, world.examiner),
        lambda world: _twice(_opinion_there, world, world.second_examiner),
    ),
    "a_reproach_needs_an_article": Case(
        lambda world: _assess_there(world, ""), lambda world: _assess_there(world, "32(1)(a)")
    ),
    "the_protection_store_serves_protection": Case(
        lambda world: command(world.protection, "person", "search", "Amira", "--purpose", "referral"),
        lambda world: command(world.protection, "person", "search", "Amira"),
    ),
}  # fmt: skip
IMPORT: Mapping[str, Case] = {
    "an_actor_is_named": Case(
        lambda world: handed_in(world.clerk, nameless=True), lambda world: handed_in(world.clerk)
    ),
    "the_purpose_is_the_actors": Case(
        lambda world: handed_in(worker(Role.REGISTRATION_CLERK)),
        lambda world: handed_in(worker(Role.REGISTRATION_CLERK, Purpose.REGISTRATION)),
    ),
    "the_role_may_do_this": Case(
        lambda world: handed_in(world.protection), lambda world: handed_in(world.clerk)
    ),
    "a_legal_basis_is_named": Case(
        lambda world: handed_in(world.clerk, "--basis", "because"), lambda world: handed_in(world.clerk)
    ),
    "a_restricted_record_is_closed": Case(lambda world: _relative(world.restricted()), _relative),
}  # fmt: skip
DOORS: Mapping[str, Mapping[str, Case]] = {
    "service": SERVICE, "form": FORM, "command": COMMAND, "import": IMPORT, "message": {},
}  # fmt: skip


def reason(rule: str, door: str) -> str:
    """Why this rule cannot be met at this door; empty where it can."""
    return REASONS.get(rule, {}).get(door, "") or REASONS["every_rule"].get(door, "")
