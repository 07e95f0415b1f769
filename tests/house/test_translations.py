"""Every sentence is said in every language of the staff; a sentence left in English is found."""

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from stonebridge.ui import messages
from stonebridge.ui.messages import LOCALE, Message, faults_of

CATALOGUE = LOCALE / "mk" / "LC_MESSAGES" / "django.po"


def kept(tmp_path, text, translation):
    path = tmp_path / "mk" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    catalogue = Catalog(locale="mk")
    catalogue.add(text, translation)
    with path.open("wb") as file:
        write_po(file, catalogue)
    return path


def test_macedonian_lacks_nothing_and_leaves_nothing_in_english():
    assert faults_of(CATALOGUE, frozenset(messages.messages())) == []


def test_a_sentence_that_is_left_in_english_is_a_fault(tmp_path):
    path = kept(tmp_path, "Withdraw", "Withdraw")
    assert faults_of(path, frozenset({Message("Withdraw")})) == ["mk: left in English: 'Withdraw'"]


def test_a_message_without_a_word_may_stay_as_it_is(tmp_path):
    path = kept(tmp_path, "%(officer)s, %(at)s", "%(officer)s, %(at)s")
    assert faults_of(path, frozenset({Message("%(officer)s, %(at)s")})) == []


def test_a_sentence_marked_through_another_name_is_found():
    source = "from django.utils.translation import gettext as say\nsay('Withdraw')\n"
    assert list(messages.messages_of_module(source)) == [Message("Withdraw")]
