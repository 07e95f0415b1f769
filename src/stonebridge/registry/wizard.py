"""The pages of a registration in their order, and the registration that they make together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stonebridge.registry.drafts import Fields, OpenDraft
from stonebridge.registry.forms.arrival import ArrivalForm
from stonebridge.registry.forms.base import RecordForm, data_of
from stonebridge.registry.forms.documents import DocumentsForm
from stonebridge.registry.forms.identity import WhoForm
from stonebridge.registry.forms.needs import NeedsForm
from stonebridge.registry.registration import Capture, Registration

NOTICE_VERSION = "2026-11"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the registration: its name in the address, its heading and its template."""

    name: str
    heading: Promise
    template: str


PAGES = (
    Page("who", _("Who they say they are"), "registry/new_who.html"),
    Page("documents", _("Documents"), "registry/new_documents.html"),
    Page("arrival", _("Arrival and family"), "registry/new_arrival.html"),
    Page("needs", _("Needs and protection"), "registry/new_needs.html"),
)
BY_NAME = {page.name: page for page in PAGES}


def after(page: Page) -> Page | None:
    """The next page; none after the last, where it is read back."""
    place = PAGES.index(page) + 1
    return PAGES[place] if place < len(PAGES) else None


def form_of(page: str, data: Mapping[str, Any] | None, now: datetime, files: Any = None) -> RecordForm:
    """The form of a page, filled with ``data`` or, with none, as it begins."""
    match page:
        case "who":
            return WhoForm(data, files, today=timezone.localdate(now))
        case "documents":
            return DocumentsForm(data, files)
        case "arrival":
            return ArrivalForm(data, files, now=now)
        case _:
            return NeedsForm(data, files, now=now)


@dataclass(frozen=True, slots=True)
class Assembled:
    """All pages of a draft, checked together."""

    who: WhoForm
    documents: DocumentsForm
    arrival: ArrivalForm
    needs: NeedsForm
    captures: tuple[Capture, ...]
    kept: frozenset[str]
    """Names of the pages that were filled; a page may be left empty, but not unseen."""

    @property
    def faulty(self) -> Page | None:
        """The first page that is missing or has a fault."""
        forms = (self.who, self.documents, self.arrival, self.needs)
        return next(
            (
                page
                for page, form in zip(PAGES, forms, strict=True)
                if page.name not in self.kept or not form.is_valid()
            ),
            None,
        )

    @property
    def relative(self) -> str:
        """The reference of the relative named, or nothing."""
        named: str = self.arrival.cleaned_data["family_of"]
        return named

    def registration(self, *, family_of: UUID | None, read_back: str) -> Registration:
        """What is handed in, once no page is faulty."""
        who, needs = self.who.cleaned_data, self.needs.cleaned_data
        documents = self.documents.cleaned_data
        return Registration(
            identity=self.who.stated(), arrival=self.arrival.stated(), notice=who["notice"],
            notice_version=NOTICE_VERSION, language=who["language"], interpreter=who["interpreter"],
            documents=self.documents.stated(), no_documents=documents["no_documents"],
            no_documents_account=documents["no_documents_account"], needs=self.needs.needs(), claim=needs["claim"],
            claim_asked_on=needs["claim_asked_on"], captures=self.captures, family_of=family_of,
            relation=self.arrival.cleaned_data["relation"], read_back=read_back,
        )  # fmt: skip


def assemble(draft: OpenDraft, now: datetime) -> Assembled:
    """Every page of a draft as a bound form; a page that was never kept is bound to nothing, and so faulty."""

    def kept(page: str) -> Mapping[str, Any]:
        fields: Fields = draft.pages.get(page, {})
        return data_of(fields)

    return Assembled(
        who=WhoForm(kept("who"), today=timezone.localdate(now)),
        documents=DocumentsForm(kept("documents")),
        arrival=ArrivalForm(kept("arrival"), now=now),
        needs=NeedsForm(kept("needs"), now=now),
        captures=draft.captures,
        kept=frozenset(draft.pages),
    )
