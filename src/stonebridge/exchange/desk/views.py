"""The pages on which partners are proposed, joined, tested and revoked, and alarms of witnesses are settled."""

import json
from dataclasses import asdict
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stonebridge.accounts.doors import Desk, door
from stonebridge.accounts.labels import PURPOSES
from stonebridge.accounts.queues import Queue
from stonebridge.domain.actor import Purpose
from stonebridge.domain.errors import BadInput, NotFound
from stonebridge.exchange import alarms, partners
from stonebridge.exchange.desk.forms import JoinByLetterForm, JoinForm, ProposalForm, ReasonForm, RevokeForm
from stonebridge.exchange.desk.shown import alarm_shown, partners_shown, witness_rows
from stonebridge.exchange.diagnosis import check_partner
from stonebridge.exchange.models import PartnerProposal, WitnessAlarm
from stonebridge.exchange.partners import Partner, Why, fingerprint, own_key, permit_to_manage
from stonebridge.exchange.profiles import profiles
from stonebridge.exchange.words import all_is_well, in_words, kinds_in_words
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import ROLES_FOR, Action
from stonebridge.ui.posted import posted, takes

managing = door(Purpose.ADMINISTRATION, Purpose.DATA_PROTECTION)
PROPOSED_FIELDS = {"names": "name"}
"""Fields of an entry that the form calls otherwise."""


@managing
@require_GET
def listed(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every partner with its state; proposals and alarms that wait."""
    with gate.act(desk.purpose):
        permit_to_manage(desk.actor, desk.purpose, desk.basis, desk.now, "all")
        context = {
            "rows": partners_shown(desk.now), "own": fingerprint(own_key()),
            "proposals": [(each, each.proposed_by == desk.actor.reference) for each in partners.proposals()],
            "alarms": [alarm_shown(each) for each in alarms.open_alarms()],
        }  # fmt: skip
    return render(request, "exchange/partners.html", context)


@managing
@require_GET
def one(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    """One partner."""
    return _page(request, desk, code)


@managing
@require_POST
@takes()
def check(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    """Test the connection, and say what is wrong and what to do."""
    found = check_partner(code, actor=desk.actor, purpose=desk.purpose, basis=desk.basis, now=desk.now)
    return _page(request, desk, code, tested=True, troubles=[in_words(each) for each in found], well=all_is_well())


def _page(request: HttpRequest, desk: Desk, code: str, **more: object) -> HttpResponse:
    with gate.act(desk.purpose):
        permit_to_manage(desk.actor, desk.purpose, desk.basis, desk.now, code)
        seen = next((each for each in partners_shown(desk.now) if each.entry.code == code), None)
        if seen is None:
            raise NotFound("partner", code)
        found = [alarm_shown(each) for each in WitnessAlarm.objects.filter(partner=code)[:20]]
        rows = [*_entry_rows(seen.entry), *(witness_rows(code) if seen.entry.has_node else [])]
    context = {"seen": seen, "rows": rows, "alarms": found, **more}
    return render(request, "exchange/partner.html", context)


def _entry_rows(entry: Partner) -> list[dict[str, object]]:
    return [
        *([{"key": _("Fingerprint of its key"), "value": entry.mark}] if entry.has_node else []),
        {"key": _("How it is reached"), "value": _("By its node") if entry.has_node else _("By letter")},
        {"key": _("State"), "value": entry.state}, {"key": _("Address"), "value": entry.address},
        {"key": _("Purposes agreed"), "value": ", ".join(str(PURPOSES[Purpose(each)]) for each in entry.purposes)},
        {"key": _("Kinds of messages, and versions"), "value": kinds_in_words(entry.profiles)},
    ]  # fmt: skip


@managing
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Propose a partner; another officer joins it."""
    form = ProposalForm(*posted(request))
    if form.is_valid():
        try:
            partners.propose(form.partner(), actor=desk.actor, purpose=desk.purpose, basis=desk.basis, now=desk.now)
        except BadInput as error:
            name = PROPOSED_FIELDS.get(error.field, error.field)
            field = "entry" if form.cleaned_data["entry"] is not None or name not in form.fields else name
            form.add_error(field, f"{error.field}: {error.remedy}" if field == "entry" else error.remedy)
        else:
            messages.success(request, say("Proposed. Another officer compares the fingerprint and joins it."))
            return redirect("partners:listed")
    with gate.act(desk.purpose):
        permit_to_manage(desk.actor, desk.purpose, desk.basis, desk.now, "all")
    return _form(request, form, _("Propose a partner"), _("Propose it"))


@managing
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, desk: Desk, proposal: UUID) -> HttpResponse:
    """Join a partner whom another officer proposed, after comparing fingerprint or address by voice or in person."""
    with gate.act(desk.purpose):
        found = PartnerProposal.objects.filter(id=proposal, settled_at__isnull=True).first()
        if found is None:
            raise NotFound("proposal", proposal)
        permit_to_manage(desk.actor, desk.purpose, desk.basis, desk.now, found.code)
    entry = Partner(**found.content)
    form = JoinForm(*posted(request)) if entry.has_node else JoinByLetterForm(*posted(request))
    if form.is_valid():
        try:
            joined = partners.join(
                proposal, form.compared(entry), actor=desk.actor, purpose=desk.purpose, basis=desk.basis, now=desk.now
            )
        except BadInput:
            if entry.has_node:
                form.add_error("fingerprint", _("It differs from the key proposed. Do not join; call the partner."))
            else:
                form.add_error("address", _("It differs from the address proposed. Do not join; call the partner."))
        else:
            named = {"name": joined.name(get_language() or "en")}
            said = (
                say("%(name)s is a partner now. Test the connection.") if joined.has_node
                else say("%(name)s is a partner now. It is reached by letter, from the page of a person.")
            )  # fmt: skip
            messages.success(request, said % named)
            return redirect("partners:one", joined.code)
    hidden = {entry.mark} if entry.has_node else {entry.mark, entry.address}
    rows = [row for row in _entry_rows(entry) if row["value"] not in hidden]
    heading = say("Join %(name)s") % {"name": entry.name(get_language() or "en")}
    return _form(request, form, heading, _("Join it"), rows=rows)


@managing
@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    """Answer a partner nothing from the next message on."""
    form = RevokeForm(*posted(request))
    if form.is_valid():
        partners.revoke(
            code, form.cleaned_data["reason"], actor=desk.actor, purpose=desk.purpose, basis=desk.basis, now=desk.now,
            why=Why(form.cleaned_data["why"] or Why.OTHER),
        )  # fmt: skip
        messages.success(request, say("Revoked. Nothing of this partner is answered from now on."))
        return redirect("partners:listed")
    with gate.act(desk.purpose):
        permit_to_manage(desk.actor, desk.purpose, desk.basis, desk.now, code)
        entry = partners.partner(code)
    heading = say("Revoke %(name)s") % {"name": entry.name(get_language() or "en")}
    warning = _("Nothing of it is answered and nothing is sent to it from the next message on. To let it in again, it "
                "must be proposed and joined anew.")  # fmt: skip
    back = reverse("partners:one", args=[code])
    return _form(request, form, heading, _("Revoke it"), warning=warning, back=back)


@managing
@require_http_methods(["GET", "POST"])
def settle(request: HttpRequest, desk: Desk, alarm: UUID) -> HttpResponse:
    """Say what was found out about an alarm; both checkpoints stand beside the form."""
    form = ReasonForm(*posted(request))
    if form.is_valid():
        alarms.settle(
            alarm, form.cleaned_data["reason"], actor=desk.actor, purpose=desk.purpose, basis=desk.basis, now=desk.now
        )
        messages.success(request, say("Settled. From the next checkpoint on the log is witnessed anew."))
        return redirect("partners:listed")
    with gate.act(desk.purpose):
        permit_to_manage(desk.actor, desk.purpose, desk.basis, desk.now, "all")
        row = alarms.open_alarms().filter(id=alarm).first()
        if row is None:
            raise NotFound("alarm", alarm)
        seen = alarm_shown(row)
    return _form(request, form, seen.whose, _("Settle it"), seen=seen)


@managing
@require_GET
def own(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Our own entry as a file, for a partner who lets us in."""
    entry = Partner(
        settings.NODE.code, settings.NODE.state, settings.NODE.names, request.build_absolute_uri("/"), own_key(),
        {name: list(each.versions) for name, each in profiles().items() if not each.of_nodes}, [],
    )  # fmt: skip
    answer = HttpResponse(json.dumps(asdict(entry), ensure_ascii=False, indent=1), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="partner-{settings.NODE.code}.json"'
    return answer


def _form(
    request: HttpRequest, form: ProposalForm | JoinForm | JoinByLetterForm | ReasonForm, heading: str | Promise, send: Promise,
    **more: object,
) -> HttpResponse:  # fmt: skip
    context = {"form": form, "heading": heading, "send": send, "back": reverse("partners:listed"), **more}
    return render(request, "exchange/form.html", context, status=422 if form.errors else 200)


def waiting_at(desk: Desk) -> list[Queue]:
    """Proposals and alarms that wait for an administrator or for data protection."""
    if not desk.actor.roles & ROLES_FOR[Action.MANAGE_PARTNERS]:
        return []
    others = [each for each in partners.proposals() if each.proposed_by != desk.actor.reference]
    url = reverse("partners:listed")
    return [
        Queue(
            _("Partners to join"), _("Another officer has proposed a partner; you compare the fingerprint."), url,
            len(others), _("Join the proposed partner"),
        ),
        Queue(
            _("Alarms of witnesses"), _("An access log that nodes witness for one another is not what it was."), url,
            alarms.open_alarms().count(), _("Look at the alarm"),
        ),
    ]  # fmt: skip
