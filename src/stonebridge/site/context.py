"""What every page knows: which node this is."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from stonebridge.ui.shell import Shell


def node(request: HttpRequest) -> dict[str, object]:
    """Name and authority of the node in the language of the page."""
    language = get_language() or settings.LANGUAGE_CODE
    name = settings.NODE.names.get(language, settings.NODE.names["en"])
    authority = settings.NODE.authority.get(language, settings.NODE.authority["en"])
    return {
        "node": settings.NODE,
        "node_name": name,
        "node_authority": authority,
        "mode": settings.MODE,
        "shell": Shell(node=name, authority=authority, demonstration=settings.MODE == "demo"),
    }
