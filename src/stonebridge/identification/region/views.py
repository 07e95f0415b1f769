"""The page on which partners are asked about a person, and their answers stand."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stonebridge.accounts.doors import DEFAULT_BASIS, Desk, door
from stonebridge.domain.actor import Purpose
from stonebridge.domain.errors import BadInput
from stonebridge.exchange.evidence.making import make
from stonebridge.exchange.partners import nodes, partners
from stonebridge.identification.region.conversation import read_conversation
from stonebridge.identification.region.follow_up import ask_for_more
from stonebridge.identification.region.forms import AskForm, MoreForm
from stonebridge.identification.region.keeping import given_by_partner, keep
from stonebridge.identification.region.messages import PROFILE as OPENLY
from stonebridge.identification.region.requests import as_file
from stonebridge.identification.region.services import ASKED_FOR, Asked, ask_again, ask_partners
from stonebridge.identification.region.shown import questions_about
from stonebridge.registry import shown
from stonebridge.registry.queries import person_of, read_person
from stonebridge.registry.views.person import canonical, reading
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import ROLES_FOR, Action
from stonebridge.ui.posted import posted, takes

CANNOT_BE_ASKED = {
    "partners": _("One of them does not take this kind of question. Choose others, or ask openly."),
    "way": _("This record has no document number with its issuer. Ask openly."),
}
"""What is said at a field whose value asks nobody."""


@door(*ASKED_FOR)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Choose partners and ask them; below, what each has answered."""
    listed = nodes()
    form = AskForm(*posted(request), partners=listed, bases=shown.bases(desk.purpose), basis=desk.basis)
    if form.is_valid():
        try:
            told = ask_partners(
                canonical(reference), form.cleaned_data["partners"], actor=desk.actor, purpose=desk.purpose,
                basis=form.cleaned_data["basis"], now=desk.now, profile=form.cleaned_data["way"] or OPENLY,
            )  # fmt: skip
        except BadInput as error:
            form.add_error(error.field, CANNOT_BE_ASKED[error.field])
        else:
            _tell(request, told)
            return redirect("region:ask", reference)
    with gate.act(desk.purpose):
        id = person_of(canonical(reference))
        permit = gate.permit(
            desk.actor, reading(desk, Action.ASK_PARTNER), purpose=desk.purpose, basis=desk.basis, now=desk.now,
            persons=[id],
        )  # fmt: skip
        person, questions = read_person(permit, id), questions_about(id)
    context = {
        "person": person, "bar": shown.bar(person), "under": shown.under(desk), "form": form, "questions": questions,
        "partners": listed, "purpose": desk.purpose, "by_letter": len(partners()) > len(listed),
    }  # fmt: skip
    return render(request, "identification/ask_partners.html", context, status=422 if form.errors else 200)


@door(*ASKED_FOR)
@require_POST
@takes()
def again(request: HttpRequest, desk: Desk, reference: str, question: str) -> HttpResponse:
    """Send a question that found no answer once more."""
    _tell(request, [ask_again(question, actor=desk.actor, purpose=desk.purpose, basis=desk.basis, now=desk.now)])
    return redirect("region:ask", reference)


def _tell(request: HttpRequest, told: list[Asked]) -> None:
    names = {each.code: each.name(get_language() or "en") for each in partners()}
    for each in told:
        name = {"partner": names.get(each.partner, each.partner)}
        match each.state:
            case "hit":
                messages.success(request, say("%(partner)s knows somebody who fits. Ask for more.") % name)
            case "no_hit":
                messages.info(request, say("%(partner)s answers: no hit.") % name)
            case "kept_back":
                messages.warning(
                    request, say("%(partner)s was not asked: a safeguard of this node keeps it back.") % name
                )
            case _:
                messages.warning(request, say("%(partner)s was asked and has not answered. Ask again later.") % name)


@door(*ASKED_FOR)
@require_GET
def evidence(request: HttpRequest, desk: Desk, reference: str, question: str) -> HttpResponse:
    """What proves a conversation that we began, as a file."""
    bundle = make(question, actor=desk.actor, purpose=desk.purpose, basis=desk.basis, now=desk.now)
    return as_file(bundle, canonical(question))


@door(*ASKED_FOR)
@require_http_methods(["GET", "POST"])
def conversation(request: HttpRequest, desk: Desk, reference: str, question: str) -> HttpResponse:
    """What was said with one partner, and after a hit the form that asks for more."""
    form = MoreForm(*posted(request), purpose=desk.purpose)
    if form.is_valid():
        ask_for_more(
            question, form.cleaned_data["wanted"], form.cleaned_data["reason"], actor=desk.actor, purpose=desk.purpose,
            basis=desk.basis, now=desk.now,
        )  # fmt: skip
        messages.success(request, say("Your request is recorded and on its way to the partner."))
        return redirect("region:conversation", reference, question)
    with gate.act(desk.purpose):
        id = person_of(canonical(reference))
        permit = gate.permit(
            desk.actor, Action.READ, purpose=desk.purpose, basis=desk.basis, now=desk.now, persons=[id]
        )
        person, said = read_person(permit, id), read_conversation(permit, question)
    context = {
        "person": person, "bar": shown.bar(person), "under": shown.under(desk), "form": form, "conversation": said,
        "may_ask": bool(ROLES_FOR[Action.ASK_PARTNER] & desk.actor.roles), "purpose": desk.purpose,
        "may_keep": bool(ROLES_FOR[Action.REGISTER] & desk.actor.roles),
    }  # fmt: skip
    return render(request, "identification/conversation.html", context, status=422 if form.errors else 200)


@door(*ASKED_FOR)
@require_POST
@takes()
def keep_given(request: HttpRequest, desk: Desk, reference: str, question: str) -> HttpResponse:
    """Keep what the partner gave as a record of ours, to be judged by two."""
    with gate.act(desk.purpose):
        permit = gate.permit(
            desk.actor, Action.READ, purpose=desk.purpose, basis=desk.basis, now=desk.now,
            persons=[person_of(canonical(reference))],
        )  # fmt: skip
        given = given_by_partner(permit, question)
    kept = keep(given, actor=desk.actor, basis=DEFAULT_BASIS[Purpose.REGISTRATION], now=desk.now)
    messages.success(
        request,
        say("Kept as %(reference)s. The node searches for it now; examiners judge the pair like any other.")
        % {"reference": kept.reference},
    )
    return redirect("region:conversation", reference, question)
