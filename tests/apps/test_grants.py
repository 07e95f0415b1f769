"""What the database's roles may do is what is declared, and a stray right is noticed."""

from django.db import connections

from stonebridge.site import grants


def test_the_real_rights_are_the_declared_ones():
    assert grants.differences(connections["owner"]) == []


def test_a_right_that_nobody_declared_is_noticed():
    with connections["owner"].cursor() as cursor:
        cursor.execute("GRANT DELETE ON registry_person TO app")
    assert grants.differences(connections["owner"]) == ["app has DELETE on public.registry_person"]


def test_a_right_that_is_missing_is_noticed():
    with connections["owner"].cursor() as cursor:
        cursor.execute("REVOKE INSERT ON vault.biometric_record FROM app")
    assert grants.differences(connections["owner"]) == ["app lacks INSERT on vault.biometric_record"]


def test_granting_anew_takes_stray_rights_away():
    with connections["owner"].cursor() as cursor:
        cursor.execute("GRANT UPDATE (reference) ON registry_person TO app")
    grants.apply(connections["owner"])
    assert grants.differences(connections["owner"]) == []
