import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from huxin.kernel.errors import RefusalError
from huxin.node.base import people
from huxin.node.base.models import AuditEntry, Draft, Person
from huxin.node.base.permissions import Role
from huxin.node.trust.queries import desk as query


@pytest.fixture
def clerk(world):
    return world.staff(Role.CLERK)


@pytest.fixture
def desk(world, clerk):
    return world.client(clerk)


def search(**other):
    return {"words": "林㑇", "purpose": "issue", "present": "on"} | other


def found(client, **other):
    answer = client.post(reverse("desk-find"), search(**other))
    assert answer.status_code == 302, answer.content.decode()
    return client.get(answer["Location"]).content.decode()


def person(**other):
    typed = {"name": "苏𠅤", "latin": "SU TU", "birth_year": "2019", "request": str(uuid.uuid4())}
    return typed | other


def test_a_person_is_found_by_name_reading_or_document_number(world, desk):
    child = world.person("林㑇", latin="LIN ZHOU", document="出生医学证明 Q 0417")
    for words in ("林㑇", "lin zhou", "出生医学证明Q0417", "0417"):
        assert str(child.id) in found(desk, words=words), words


def test_a_search_is_narrowed_by_birth(world, desk):
    first, second = world.person(birth="2020-03-18"), world.person(birth="2012-01-01")
    page = found(desk, birth_year="2012")
    assert str(second.id) in page
    assert str(first.id) not in page


def test_nobody_of_another_organisation_is_found(world, desk):
    stranger = world.person("顾小舟", at=world.elsewhere)
    page = found(desk, words="顾小舟")
    assert str(stranger.id) not in page
    assert "本机构没有登记过" in page
    assert not AuditEntry.objects.filter(subject=stranger.id, action="found").exists()


def test_each_hit_is_written_into_the_persons_trail(world, desk, clerk):
    child = world.person()
    found(desk, purpose="help")
    entry = AuditEntry.objects.get(subject=child.id, action="found")
    assert (entry.actor, entry.purpose) == (clerk.id, "help")


def test_loading_the_list_again_searches_no_second_time(world, desk):
    world.person()
    found(desk)
    desk.get(reverse("desk-find"))
    assert AuditEntry.objects.filter(action="searched").count() == 1


@pytest.mark.parametrize(
    "wrong", [{"present": ""}, {"purpose": "police"}, {"words": ""}, {"birth_year": "12"}], ids=str
)
def test_without_presence_purpose_or_words_nobody_is_searched(world, desk, wrong):
    world.person()
    answer = desk.post(reverse("desk-find"), search(**wrong))
    assert answer.status_code == 200
    assert "有 1 处要改" in answer.content.decode()
    assert not AuditEntry.objects.filter(action="searched").exists()


def test_sixty_searches_an_hour_and_no_more(world, desk, clerk):
    world.person()
    by = world.actor(clerk)
    for _ in range(query.FINDS_AN_HOUR):
        query.find("nobody", "", purpose="issue", by=by, now=world.now)
    answer = desk.post(reverse("desk-find"), search())
    assert answer.status_code == 429
    assert "这一小时的查找用完了" in answer.content.decode()
    assert not AuditEntry.objects.filter(action="found").exists()
    later = query.find("林㑇", "", purpose="issue", by=by, now=world.now + timedelta(hours=2))
    assert len(later.people) == 1


def test_the_session_keeps_no_name(world, desk):
    world.person()
    found(desk)
    assert "林㑇" not in str(dict(desk.session))


def test_opening_a_person_is_written_once_in_ten_minutes(world, desk):
    child = world.person()
    for _ in range(3):
        desk.get(reverse("desk-person", args=[child.id]))
    assert AuditEntry.objects.filter(subject=child.id, action="opened-person").count() == 1


def test_a_person_is_registered_with_any_document_or_none(desk):
    desk.post(reverse("desk-register"), person(sex="female"))
    registered = Person.objects.get()
    assert (registered.name, registered.birth, registered.document) == ("苏𠅤", "2019", "")


def test_a_latin_name_alone_is_a_name(desk):
    desk.post(reverse("desk-register"), person(name="", latin="Samira Haddad"))
    assert Person.objects.get().shown == "Samira Haddad"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": "", "latin": ""}, "这一项要填"),
        ({"birth_year": "46"}, "至少写四位数的年份"),
        ({"birth_year": "abc"}, "至少写四位数的年份"),
        ({"birth_year": "1846"}, "日期早于 1900 年"),
        ({"birth_year": "2999"}, "最晚是今天"),
        ({"latin": "苏"}, "只用英文字母"),
        ({"sex": "blue"}, "请从表中选一项"),
        ({"contact": "x" * 99}, "最多 80 个"),
    ],
    ids=str,
)
def test_what_cannot_be_registered_is_told_and_nothing_written(desk, wrong, sentence):
    page = desk.post(reverse("desk-register"), person(**wrong)).content.decode()
    assert sentence in page
    assert Person.objects.count() == 0


def test_a_double_click_registers_one_person(desk):
    typed = person()
    first = desk.post(reverse("desk-register"), typed)
    again = desk.post(reverse("desk-register"), typed)
    assert first["Location"] == again["Location"]
    assert Person.objects.count() == 1


def test_a_key_that_is_somebody_elses_asks_to_press_once_more(world, desk):
    stranger = world.person("顾晚舟", at=world.elsewhere)
    answer = desk.post(reverse("desk-register"), person(request=str(stranger.id)))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "没登记上" in page
    assert person()["name"] in page
    key = re.search(r'name="request" value="([^"]+)"', page)
    assert key
    assert uuid.UUID(key[1]) != stranger.id
    again = desk.post(reverse("desk-register"), person(request=key[1]))
    assert again["Location"] == reverse("desk-person", args=[key[1]])


def test_a_second_click_at_the_same_moment_finds_the_first_ones_person(world, clerk):
    key, by = uuid.uuid4(), world.actor(clerk)
    first = people.register({"name": "苏𠅤"}, by=by, now=world.now, request=key)
    again = people.register({"name": "苏𠅤"}, by=by, now=world.now, request=key)
    assert first.id == again.id
    stranger = world.person("顾小舟", at=world.elsewhere)
    with pytest.raises(RefusalError):
        people.register({"name": "苏𠅤"}, by=by, now=world.now, request=stranger.id)


@pytest.mark.parametrize(
    "same",
    [{"name": "林㑇", "latin": ""}, {"name": "林舟", "latin": "LIN ZHOU"}, {"document": "Q0417"}],
    ids=["name", "reading", "document"],
)
def test_whoever_may_be_the_same_is_offered_before_registering(world, desk, same):
    child = world.person("林㑇", latin="LIN ZHOU", document="Q0417")
    page = desk.post(reverse("desk-register"), person(**same))
    assert str(child.id) in page.content.decode()
    assert Person.objects.count() == 1
    desk.post(reverse("desk-register"), person(**same, different="1"))
    assert Person.objects.count() == 2


def test_registering_begins_with_what_was_searched_for(desk):
    found(desk, words="SU TU", birth_year="2019")
    page = desk.get(reverse("desk-register")).content.decode()
    assert 'value="SU TU"' in page
    assert 'value="2019"' in page
    found(desk, words="E1234567")
    assert 'id="id_document"' in desk.get(reverse("desk-register")).content.decode()


def test_a_person_is_changed(world, desk):
    child = world.person()
    place = reverse("desk-change", args=[child.id])
    page = desk.get(place).content.decode()
    assert 'value="林㑇"' in page
    answer = desk.post(place, {"name": "林㑇", "latin": "LIN ZHOU", "version": "1"})
    assert answer.status_code == 302
    child.refresh_from_db()
    assert (child.latin, child.version) == ("LIN ZHOU", 2)
    assert "这一项要填" in desk.post(place, {"version": "2"}).content.decode()


def test_the_second_of_two_clerks_sees_both_versions_and_loses_nothing(world, desk):
    child = world.person()
    place = reverse("desk-change", args=[child.id])
    desk.post(place, {"name": "林㑇", "latin": "LIN ZHOU", "version": "1"})
    late = desk.post(place, {"name": "林㑇", "latin": "LAM CHAU", "version": "1"})
    page = late.content.decode()
    assert late.status_code == 409
    assert "LIN ZHOU" in page
    assert 'value="LAM CHAU"' in page
    child.refresh_from_db()
    assert child.latin == "LIN ZHOU"
    desk.post(place, {"name": "林㑇", "latin": "LAM CHAU", "version": "2"})
    child.refresh_from_db()
    assert child.latin == "LAM CHAU"


def test_a_change_that_a_session_lost_is_offered_again(world, desk, clerk):
    from huxin.node.base import drafts

    child = world.person()
    place = reverse("desk-change", args=[child.id])
    typed = {"name": "林㑇", "latin": "LAM CHAU", "version": "1"}
    desk.logout()
    desk.post(place, typed | {"huxin-ticket": drafts.ticket_for(clerk.id)})
    assert 'value="LAM CHAU"' in world.client(clerk).get(place).content.decode()
    assert Draft.objects.count() == 1
