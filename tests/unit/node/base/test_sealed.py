import pytest
from django.db import connection

from huxin.kernel.errors import UnusableKeyError
from huxin.node.base.models import Message, Person
from huxin.node.base.sealed import token


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
