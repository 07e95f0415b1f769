"""What is handed in behind a door: nothing that the page does not have, and no text that cannot be read.

Every form of the node is a ``Form``; a form of a package becomes one through ``Strict``; a view without a form says
with ``takes`` what it expects. An unknown field is refused before anything is looked at, so that nothing is half-saved.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, ClassVar, Concatenate, ParamSpec, cast

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stonebridge.domain.errors import BadInput
from stonebridge.ui.wording import beginning

Arguments = ParamSpec("Arguments")
STANDING = frozenset({"csrfmiddlewaretoken", "purpose", "basis"})
"""Fields that the door reads, whatever the page."""
_BAD_ENCODING = "\ufffd"
_SENTENCES = {
    "max_length": _("“%(start)s” has %(show_value)s characters. Write at most %(limit_value)s characters."),
    "min_length": _("“%(start)s” has %(show_value)s characters. Write at least %(limit_value)s characters."),
    "null_characters_not_allowed": _("“%(start)s” holds an invisible character. Type it instead of pasting it."),
}
"""Django's own sentences show no value or name no remedy."""


def posted(request: HttpRequest) -> tuple[Any, Any]:
    """The first arguments of a form: what was sent, files too, so that a stray one is noticed; neither for a look."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def refuse_unknown(known: Iterable[str], *handed_in: Mapping[str, Any]) -> None:
    """Check the names and texts that were handed in before anybody uses one.

    Raises:
        BadInput: a field that is not ``known``, or a text in a wrong encoding.
    """
    names = STANDING | set(known)
    for data in handed_in:
        for name in data:
            if name not in names:
                value = str(data[name])[:80] if "password" not in name else ""
                raise BadInput(str(name)[:80], value, gettext("This page has no such field. Load it again."))
            for value in values_of(data, name):
                _check_text(name, value)


def takes(*names: str) -> Callable[
    [Callable[Concatenate[HttpRequest, Arguments], HttpResponse]],
    Callable[Concatenate[HttpRequest, Arguments], HttpResponse],
]:  # fmt: skip
    """Let a view without a form take these fields and no other."""

    def build(
        view: Callable[Concatenate[HttpRequest, Arguments], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, Arguments], HttpResponse]:
        @wraps(view)
        def strict(request: HttpRequest, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
            refuse_unknown(names, request.POST, request.FILES)
            return view(request, *args, **kwargs)

        return cast(Callable[Concatenate[HttpRequest, Arguments], HttpResponse], strict)

    return build


class Strict(forms.BaseForm):
    """Refuses what it does not know before it looks at what it does. ``beside`` names hidden fields of the page."""

    beside: ClassVar[frozenset[str]] = frozenset()

    def full_clean(self) -> None:
        """Raises BadInput for what no page of ours sends; every other fault stands at its field."""
        if self.is_bound:
            self.refuse_unknown()
        super().full_clean()
        for fault in (each for faults in self.errors.as_data().values() for each in faults):
            if fault.code in _SENTENCES and fault.params:
                fault.message = _SENTENCES[fault.code]
                fault.params["start"] = beginning(str(fault.params["value"]))

    def refuse_unknown(self) -> None:
        """Check what was handed in before anything is kept.

        Raises:
            BadInput: a field that this page does not have, or a text that cannot be read.
        """
        refuse_unknown({*self.beside, *self.names()}, self.data, self.files)

    def names(self) -> Iterable[str]:
        """Names in the data, of every box of every field."""
        for bound in self:
            widget = bound.field.widget
            if isinstance(widget, forms.MultiWidget):
                yield from (f"{bound.html_name}{part}" for part in widget.widgets_names)  # type: ignore[attr-defined]  # the stubs leave it out
            else:
                yield bound.html_name


class Form(Strict, forms.Form):
    """A form of the node."""


def values_of(data: Mapping[str, Any], name: str) -> list[str]:
    """Every value of a name in posted data or in a plain mapping."""
    if isinstance(data, QueryDict):
        return [str(value) for value in data.getlist(name)]
    value = data[name]
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _check_text(name: str, value: str) -> None:
    if _BAD_ENCODING in value:
        raise BadInput(name, value, gettext("The text came in a wrong encoding. Type it again, in UTF-8."))
