"""The bench: what waits, a pair side by side, a search and its candidates, how well pairs are judged."""

from collections import Counter
from datetime import datetime
from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stonebridge.accounts.doors import Desk, door
from stonebridge.domain.actor import Purpose
from stonebridge.domain.errors import BadInput, WrongState
from stonebridge.domain.links import SamePerson
from stonebridge.identification import queries
from stonebridge.identification.forms import JudgementForm
from stonebridge.identification.labels import ANSWER_HINTS, ANSWERS, WHY
from stonebridge.identification.link_queries import quality as read_quality
from stonebridge.identification.prints.progress import progress
from stonebridge.identification.queries import Bench, SearchSeen, Waiting
from stonebridge.identification.services import Answer, ask_about, give_judgement, search_again
from stonebridge.identification.shown import bits, chance, comparison_rows, crumbs, given_shown, person_url, record_rows
from stonebridge.safeguards.policy import ROLES_FOR, Action
from stonebridge.ui.posted import posted, takes

A_PAGE = 25
FILTERS = {"all": _("All"), "overdue": _("Overdue"), "review": _("To be looked at again")}
KEYS = {SamePerson.YES: "1", SamePerson.NO: "2", SamePerson.UNSURE: "3", SamePerson.INSUFFICIENT: "4"}


@door(Purpose.IDENTIFICATION)
@require_GET
def queue(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The pairs that wait for this officer, most urgent first."""
    waiting = queries.queue(actor=desk.actor, basis=desk.basis, now=desk.now)
    chosen = request.GET.get("show", "all")
    if chosen not in FILTERS:
        raise BadInput("show", chosen, f"Choose {', '.join(FILTERS)}.")
    counts = Counter(name for each in waiting for name in FILTERS if _belongs(each, name, desk.now))
    page = Paginator([each for each in waiting if _belongs(each, chosen, desk.now)], A_PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "identification/queue.html",
        {
            "page": page,
            "rows": [_row(each, desk.now) for each in page],
            "total": len(waiting),
            "filters": [
                {"text": label, "url": f"?show={name}", "current": name == chosen, "count": counts[name]}
                for name, label in FILTERS.items()
            ],
            "sees_quality": bool(ROLES_FOR[Action.READ_QUALITY] & desk.actor.roles),
        },
    )


@door(Purpose.IDENTIFICATION)
@require_GET
def next_one(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The most urgent pair, or the queue when none waits."""
    reference = queries.next_pair(desk.actor)
    return redirect("identification:pair", reference) if reference else redirect("identification:queue")


@door(Purpose.IDENTIFICATION)
@require_http_methods(["GET", "POST"])
def pair(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """A pair side by side, and the form for an opinion on it."""
    assesses = bool(ROLES_FOR[Action.JUSTIFY] & desk.actor.roles)
    if request.method == "POST":
        form = JudgementForm(*posted(request), assesses=assesses)
        if form.is_valid():
            try:
                give_judgement(reference, _answer(form), actor=desk.actor, basis=desk.basis, now=desk.now)
            except WrongState:
                return _bench(request, desk, reference, form, status=HTTPStatus.CONFLICT)
            except BadInput as error:
                if error.field != "justified":
                    raise
                form.add_error("justified", say("What the two share or differ in gives no ground for that."))
            else:
                messages.success(request, say("Your opinion on %(pair)s is recorded.") % {"pair": reference})
                return redirect("identification:next")
        return _bench(request, desk, reference, form, status=HTTPStatus.BAD_REQUEST)
    return _bench(request, desk, reference, JudgementForm(assesses=assesses))


@door(Purpose.IDENTIFICATION, Purpose.REGISTRATION)
@require_GET
def search(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """A search and the candidates that it names."""
    found = queries.search_seen(reference, actor=desk.actor, purpose=desk.purpose, basis=desk.basis, now=desk.now)
    read, pictures = progress(reference, desk.purpose)
    return render(request, "identification/search.html", _search(found) | {"read": read, "pictures": pictures})


@door(Purpose.IDENTIFICATION, Purpose.REGISTRATION)
@require_GET
def search_fragment(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """The part of the search's page that changes: nothing about anybody while it waits, then the candidates."""
    if queries.search_state(reference) == "waiting":
        read, pictures = progress(reference, desk.purpose)
        return render(request, "identification/_search.html", {"waits": True, "read": read, "pictures": pictures})
    found = queries.search_seen(reference, actor=desk.actor, purpose=desk.purpose, basis=desk.basis, now=desk.now)
    return render(request, "identification/_search.html", _search(found))


@door(Purpose.IDENTIFICATION, Purpose.REGISTRATION)
@require_POST
@takes()
def again(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Search for the same person once more."""
    made = search_again(reference, actor=desk.actor, purpose=desk.purpose, basis=desk.basis, now=desk.now)
    return redirect("identification:search", made)


@door(Purpose.IDENTIFICATION)
@require_POST
@takes("person")
def ask(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Put a candidate to judgement whom the machine did not."""
    made = ask_about(reference, request.POST.get("person", ""), actor=desk.actor, basis=desk.basis, now=desk.now)
    return redirect("identification:pair", made)


@door(Purpose.IDENTIFICATION)
@require_GET
def quality(request: HttpRequest, desk: Desk) -> HttpResponse:
    """How officers judged pairs whose answer is known."""
    examiners = read_quality(actor=desk.actor, basis=desk.basis, now=desk.now)
    columns = [
        {"text": _("Officer")},
        {"text": _("Known pairs"), "numeric": True},
        {"text": _("Right"), "numeric": True},
        {"text": _("One person, missed"), "numeric": True},
        {"text": _("Two persons, joined"), "numeric": True},
        {"text": _("Left open"), "numeric": True},
        {"text": _("Other opinions"), "numeric": True},
        {"text": _("As decided"), "numeric": True},
    ]
    rows = [
        [
            {"text": each.name},
            *(
                {"text": text, "numeric": True}
                for text in (
                    str(each.known_pairs), _share(each.right, each.known_pairs), str(each.missed),
                    str(each.joined_wrongly), str(each.open), str(each.opinions), _share(each.agreed, each.opinions),
                )
            ),
        ]
        for each in examiners
    ]  # fmt: skip
    return render(
        request,
        "identification/quality.html",
        {"columns": columns, "rows": rows, "crumbs": crumbs(say("How well pairs are judged"))},
    )


def _share(part: int, whole: int) -> str:
    return f"{part} ({part * 100 // whole} %)" if whole else "–"


def _belongs(waiting: Waiting, name: str, now: datetime) -> bool:
    return {"all": True, "overdue": waiting.due_at < now, "review": waiting.why == "review"}[name]


def _row(waiting: Waiting, now: datetime) -> dict[str, object]:
    return {
        "reference": waiting.reference,
        "url": reverse("identification:pair", args=[waiting.reference]),
        "why": WHY[waiting.why],
        "probe": waiting.probe,
        "candidate": waiting.candidate,
        "made_at": waiting.made_at,
        "due_at": waiting.due_at,
        "is_overdue": waiting.due_at < now,
    }


def _answer(form: JudgementForm) -> Answer:
    given = form.cleaned_data
    return Answer(
        same_person=SamePerson(given["same_person"]),
        reasons=given["reasons"],
        seen=given["seen"],
        remark=given["remark"],
        justified=given["justified"],
        article=given.get("article", ""),
    )


def _bench(
    request: HttpRequest, desk: Desk, reference: str, form: JudgementForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    shown = queries.bench(reference, actor=desk.actor, basis=desk.basis, now=desk.now)
    changed = form.is_bound and (status == HTTPStatus.CONFLICT or form.data.get("seen") != shown.mark)
    return render(request, "identification/pair.html", _context(shown, form) | {"changed": changed}, status=status)


def _context(shown: Bench, form: JudgementForm) -> dict[str, object]:
    return {
        "pair": shown,
        "crumbs": crumbs(shown.reference),
        "why": WHY[shown.why],
        "probe_url": person_url(shown.probe.reference),
        "candidate_url": person_url(shown.candidate.reference),
        "comparison": comparison_rows(shown.comparisons),
        "has_fingers": any(each["feature"] == "fingers" for each in shown.comparisons),
        "records": record_rows(shown.probe, shown.candidate),
        "own": given_shown(shown.own) if shown.own else None,
        "score": bits(shown.score),
        "chance": chance(shown.chance),
        "against": [row["sentence"] for row in comparison_rows(shown.against)],
        "form": form if shown.is_open else None,
        "chosen": form["same_person"].value() or "",
        "answers": [
            {"value": answer.value, "text": label, "hint": ANSWER_HINTS[answer], "key": KEYS[answer]}
            for answer, label in ANSWERS.items()
        ],
        "groups": [
            ("yes", form["reasons_yes"]),
            ("no", form["reasons_no"]),
            ("unsure insufficient", form["reasons_open"]),
        ],
    }


def _search(found: SearchSeen) -> dict[str, object]:
    return {
        "search": found,
        "waits": found.state == "waiting",
        "person_url": person_url(found.probe.reference) if found.probe else "",
        "candidates": [
            {
                "seen": each,
                "url": person_url(each.record.reference),
                "comparison": comparison_rows(each.comparisons),
                "pair_url": reverse("identification:pair", args=[each.task]) if each.task else "",
            }
            for each in found.candidates
        ],
    }
