"""The browser without a screen, on a page as ours are."""

import os
import subprocess
import sys

import pytest

from stonebridge.domain.errors import BadInput, NotFound
from stonebridge.site import memory
from stonebridge.site.browser import Browser, read_page

PAGE = b"""
<!doctype html><title>t</title><script>var a = "<h1>no</h1>";</script>
<a href="/skip">Skip</a><form action="/language/" method="post"><button>English</button></form>
<h1>Who is  this?</h1>
<form method="post" novalidate><input type="hidden" name="token" value="abc">
<p class="govuk-error-message">Write at least one name.</p>
<input name="given" value="Amira"><textarea name="note">so</textarea>
<input type="radio" name="sex" value="f" checked><input type="radio" name="sex" value="m">
<select name="state"><option value="">Choose</option><option value="SYR" selected>Syria</option></select>
<button name="go" value="on">Save and go on</button></form>
"""
READ = read_page("http://node/new/", 200, PAGE)


def test_a_form_offers_what_the_page_holds():
    form = READ.form()
    assert form.fields == {"token": ["abc"], "given": ["Amira"], "note": ["so"], "sex": ["f"], "state": ["SYR"]}
    assert form.choices == {"sex": ["f", "m"], "state": ["", "SYR"]}
    assert form.buttons == [("go", "on", "Save and go on")]


def test_headings_links_and_errors_are_read_and_scripts_are_not():
    assert (READ.heading, READ.link("Skip"), READ.errors) == ("Who is this?", "/skip", ["Write at least one name."])
    assert "var a" not in READ.text


def test_a_field_that_the_form_does_not_have_is_an_error():
    with pytest.raises(BadInput, match="given, note"):
        Browser("http://node/").submit(READ, {"family": "Haddad"})


def test_a_form_that_the_page_does_not_have_is_not_found():
    with pytest.raises(NotFound):
        READ.form("family")


def test_the_memory_of_a_process_and_its_children_is_counted():
    child = subprocess.Popen(
        [sys.executable, "-c", "print(flush=True); input()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert child.stdout is not None
        child.stdout.readline()  # it runs, and is no longer what it was before it began
        assert memory.tree(os.getpid(), without=[child.pid]) < memory.tree(os.getpid())
        assert memory.used([child.pid]) > 1 << 20
    finally:
        child.kill()
        child.wait()
