"""A new node gets one administrator from whoever has its machine; every other account comes from an administrator."""

from django.test import Client

from people import officer
from stonebridge.accounts.models import Officer, Posting
from stonebridge.domain.actor import Role
from stonebridge.site.command import main


def test_the_first_administrator_sets_a_password_at_the_address_that_is_printed(capsys):
    assert main(["first-administrator", "first@test.example", "First Administrator"]) == 0
    address = capsys.readouterr().out.splitlines()[-1]
    new = {"new_password1": "horse battery staple", "new_password2": "horse battery staple"}
    assert Client().post(address, new).headers["Location"] == "/account/login/"
    assert Posting.objects.get().role == Role.ADMINISTRATOR


def test_there_is_no_second_first_administrator(capsys):
    officer(Role.ADMINISTRATOR)
    assert main(["first-administrator", "intruder@test.example", "Intruder"]) == 2
    assert "administered already" in capsys.readouterr().err
    assert not Officer.objects.filter(email="intruder@test.example").exists()
