"""What every page knows: which node this is."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language


def node(request: HttpRequest) -> dict[str, object]:
    """Name and authority of the node in the language of the page."""
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "node": settings.NODE,
        "node_name": settings.NODE.names.get(language, settings.NODE.names["en"]),
        "node_authority": settings.NODE.authority.get(language, settings.NODE.authority["en"]),
        "mode": settings.MODE,
    }
