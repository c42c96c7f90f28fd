import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.db import connection

from huxin.kernel.errors import UnusableKeyError
from huxin.node.base.models import Message, Person
from huxin.node.base.permissions import Role
from huxin.node.base.sealed import seal, token, unseal


def raw(table: str, column: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")
        return bytes(cursor.fetchone()[0])


def test_a_text_comes_back_and_is_not_there_in_the_clear(world):
    world.person("林㑇", contact="+86 000 0000")
    assert Person.objects.get().name == "林㑇"
    assert "林㑇".encode() not in raw("base_person", "name")


def test_the_same_text_looks_different_each_time(world):
    world.person("林㑇", document="林㑇")
    person = Person.objects.get()
    first = raw("base_person", "name")
    person.save()
    assert raw("base_person", "name") != first


def test_a_sealed_field_does_not_open_in_another_column(world):
    world.person("林㑇")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE base_person SET latin = name")
    with pytest.raises(UnusableKeyError):
        Person.objects.get()


def test_empty_stays_empty(world):
    world.person("林㑇")
    assert Person.objects.get().latin == ""
    assert raw("base_person", "latin") == b""


def test_json_comes_back(world):
    person = world.person()
    Message.objects.create(person=person, kind="x", blanks={"名": [1, None]}, at=world.now)
    assert Message.objects.get().blanks == {"名": [1, None]}


def test_a_token_knows_letters_only():
    assert token("name", "Lin, Zhou ") == token("name", "ｌｉｎ zhou")
    assert token("name", "阿依古丽·买买提") == token("name", "阿依古丽买买提")
    assert token("name", "林㑇") != token("latin", "林㑇")
    assert token("name", "ab", "c") != token("name", "a", "bc")
    assert len(token("name", "林㑇")) == 16


def test_what_makes_second_factors_is_not_there_in_the_clear(world):
    user = world.staff(Role.CLERK)
    secret = totp.generate_totp_secret()
    app = totp.TOTP.activate(user, secret)
    spare = RecoveryCodes.activate(user)
    written = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in written
    assert totp.decrypt(app.instance.data["secret"]) == secret
    first, *others = spare.get_unused_codes()
    assert spare.validate_code(first)
    assert spare.get_unused_codes() == others


@pytest.mark.parametrize("text", ["JBSWY3DP", "not base64"])
def test_what_was_not_sealed_here_does_not_open(text):
    with pytest.raises(UnusableKeyError):
        unseal(text, context="mfa_authenticator.data")
    with pytest.raises(UnusableKeyError):
        unseal(seal("a", context="another"), context="mfa_authenticator.data")
