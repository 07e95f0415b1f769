"""The last page: the person confirms what was read back to them."""

from django.utils.translation import gettext_lazy as _

from stonebridge.registry import lists
from stonebridge.registry.forms.base import RecordForm, radio_field


class ReadBackForm(RecordForm):
    """How the person confirmed it."""

    read_back = radio_field(_("Read back to the person, who confirmed it by"), list(lists.READ_BACK.items()))
