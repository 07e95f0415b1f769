"""The one address at which partners speak to this node."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from stonebridge.accounts.doors import public
from stonebridge.exchange.envelope import SIZES
from stonebridge.exchange.receiving import receive
from stonebridge.exchange.transports.signatures import Request

CARRIED = ("Content-Type", "Content-Digest", "Signature", "Signature-Input")


@public
@csrf_exempt
@require_POST
def messages(request: HttpRequest) -> HttpResponse:
    """A message of another node; its signature stands in the place of a sign-in, and every act is for the gate."""
    if request.headers.get("Content-Length", "") not in {str(size) for size in SIZES}:
        return HttpResponse(status=401)
    headers = {name: request.headers[name] for name in CARRIED if name in request.headers}
    answer = receive(Request(request.build_absolute_uri(), request.body, headers), now=timezone.now())
    response = HttpResponse(answer.body, status=answer.status_code, headers=answer.headers)
    response["Cache-Control"] = "no-store"
    return response
