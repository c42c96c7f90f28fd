import pytest

from huxin.kernel.errors import RefusalError
from huxin.node.base import people
from huxin.node.base.actor import NOBODY
from huxin.node.base.models import AuditEntry, Message, Person
from huxin.node.base.permissions import Role


def test_a_person_is_found_by_name_document_or_latin_in_their_own_organisation(world):
    child = world.person("林㑇", latin="LIN ZHOU", document="T 0417")
    by = world.actor(world.staff(Role.CLERK))
    stranger = world.actor(world.staff(Role.CLERK, at=world.elsewhere))
    for words in ("林㑇", "lin zhou", "T0417"):
        assert people.find(words, "", purpose="issue", by=by, now=world.now) == [child]
        assert people.find(words, "", purpose="issue", by=stranger, now=world.now) == []
    assert people.find("林", "", purpose="issue", by=by, now=world.now) == []


def test_birth_narrows(world):
    world.person("林㑇", birth="2020-03-18")
    by = world.actor(world.staff(Role.CLERK))
    assert len(people.find("林㑇", "2020", purpose="issue", by=by, now=world.now)) == 1
    assert people.find("林㑇", "2021", purpose="issue", by=by, now=world.now) == []


def test_each_hit_is_in_the_persons_trail(world):
    child = world.person()
    by = world.actor(world.staff(Role.CLERK))
    people.find("林㑇", "", purpose="help", by=by, now=world.now)
    entry = AuditEntry.objects.get(action="found")
    assert (entry.subject, entry.actor, entry.purpose) == (child.id, by.user, "help")


def test_a_homophone_is_offered(world):
    first = world.person("沈知禾", latin="SHEN ZHIHE")
    by = world.actor(world.staff(Role.CLERK))
    assert people.similar({"name": "沈之禾", "latin": "Shen Zhihe"}, by=by) == [first]
    assert people.similar({"name": "沈知禾"}, by=by) == [first]
    assert people.similar({"document": "none"}, by=by) == []


def test_somebody_without_any_name_is_not_registered(world):
    by = world.actor(world.staff(Role.CLERK))
    with pytest.raises(RefusalError, match="missing"):
        people.register({"name": " "}, by=by, now=world.now)
    with pytest.raises(RefusalError, match="bad-input"):
        people.register({"name": "林㑇"}, by=NOBODY, now=world.now)
    assert Person.objects.count() == 0


def test_the_second_of_two_clerks_is_told(world):
    child = world.person()
    by = world.actor(world.staff(Role.CLERK))
    people.change(child.id, {"latin": "LIN ZHOU"}, version=1, by=by, now=world.now)
    with pytest.raises(RefusalError, match="exists"):
        people.change(child.id, {"latin": "LIN CHOU"}, version=1, by=by, now=world.now)
    assert Person.objects.get().latin == "LIN ZHOU"
    assert people.find("LIN ZHOU", "", purpose="issue", by=by, now=world.now) == [
        Person.objects.get()
    ]


def test_known_here_is_known_here_only(world):
    child = world.person()
    here = world.actor(world.staff(Role.CLERK))
    there = world.actor(world.staff(Role.CLERK, at=world.elsewhere))
    assert people.known_here(child.id, by=here) == child
    assert people.known_here(child.id, by=there) is None


def test_a_notice_is_left(world):
    people.tell(world.person(), "withdrawn", blanks={"card": "x"}, now=world.now)
    assert Message.objects.get().kind == "withdrawn"
