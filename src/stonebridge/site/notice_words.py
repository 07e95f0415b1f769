"""What a notice says, in the language of whoever reads it. What somebody wrote stands as it was written."""

from django.utils.functional import Promise
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from stonebridge.accounts.models import Notice
from stonebridge.domain.errors import Tampered
from stonebridge.exchange import alarms, outbox
from stonebridge.exchange.desk.shown import ALARMS
from stonebridge.identification.region import again
from stonebridge.identification.region.timeline import partner_name
from stonebridge.rights import due

STOPPED: dict[str, str | Promise] = {
    again.NO_ANSWER: _("Question %(question)s to %(partner)s found no answer in all the time that the clock asks. Ask again by hand, or by other means."),
    again.CHANGED: _("Question %(question)s to %(partner)s is not asked by the clock any more: something has changed since it was put. Ask again by hand, or by other means."),
}  # fmt: skip
WITNESSED: dict[bool, str | Promise] = {
    True: _("%(partner)s witnesses our access log and sees something wrong with it: %(kind)s. Look at the page of partners, and call the partner."),
    False: _("We witness the access log of %(partner)s: %(kind)s. Look at the page of partners, and call the partner."),
}  # fmt: skip


def said(notice: Notice) -> str:
    """The sentence of a notice; its own text where its kind has no sentence, or it was left before there was one."""
    named = dict(notice.named)
    if not named:
        return notice.text
    if "partner" in named:
        named["partner"] = _name(named["partner"])
    if notice.kind == again.STOPPED:
        return str(STOPPED[named["why"]]) % named
    if notice.kind == alarms.NOTICE:
        kind = named["kind"]
        return str(WITNESSED[named["ours"]]) % (named | {"kind": ALARMS.get(kind, kind)})
    if notice.kind == outbox.KEPT_BACK:
        return (
            say("Message %(message)s may not leave any more. Look at the person’s claim and states of origin.") % named
        )
    if notice.kind == due.KIND:
        return say("Records whose days are over: %(count)s. List them with: stonebridge person due") % named
    return notice.text


def _name(code: str) -> str:
    """A partner's name; its code where the list of partners is not what was signed."""
    try:
        return partner_name(code)
    except Tampered:
        return code
