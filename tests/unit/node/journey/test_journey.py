"""Will I get in?  The form without a script: purpose, day and cards in, one plain answer out, nothing kept."""

import json
import re
import uuid
from datetime import timedelta

import pytest
from django.conf import settings

from huxin.node.base.models import AuditEntry
from huxin.node.base.permissions import Role
from huxin.node.trust import signing
from huxin.node.trust.queries import journey as queries
from huxin.trust.anchors import TrustStore

pytestmark = pytest.mark.django_db


class Asking:
    """The page, and what it answers."""

    def __init__(self, world, user=None):
        self.world = world
        self.browser = world.client(user)

    def look(self, address="/journey", language="zh"):
        self.browser.cookies["huxin_lang"] = language
        return self.browser.get(address).content.decode()

    def ask(self, purpose="school", *, days=0, language="zh", **more):
        self.browser.cookies["huxin_lang"] = language
        day = self.world.now.astimezone(settings.HUXIN.time_zone).date() + timedelta(days=days)
        fields = {"purpose": purpose, "day_year": day.year, "day_month": day.month, "day_day": day.day}  # fmt: skip
        return self.browser.post("/journey", fields | more)

    def card(self, name="林㑇", **cells):
        person = self.world.person(name, birth="2020-03-18")
        return self.world.card(person, by=self.world.staff(Role.CLERK), cells=cells).text


@pytest.fixture
def asking(world):
    world.rules("school-entry")
    world.rules("occupational-health")
    return Asking(world)


def practised(world, pack):
    return next(one.id for one in queries.practice(world.now) if one.id.startswith(pack))


@pytest.mark.parametrize(("language", "yes"), [("zh", "可以，到 "), ("en", "Yes, until ")])
def test_a_practice_person_gets_in(asking, language, yes):
    person = practised(asking.world, "occupational-health")
    page = asking.ask("work/food", person=person, language=language)
    assert page.status_code == 200
    text = page.content.decode()
    assert yes in text
    assert ("样张" if language == "zh" else "SPECIMEN") in text
    assert 'data-outcome="yes"' in text


@pytest.mark.parametrize(("language", "due"), [("zh", "还差一项"), ("en", "Something is due")])
def test_what_is_due_is_said_with_the_reason_and_the_next_step(asking, language, due):
    text = asking.ask(text=asking.card(dose="1"), language=language).content.decode()
    assert due in text
    assert ("接下来" if language == "zh" else "What to do") in text
    assert 'href="/rules/school"' in text


def test_who_is_refused_learns_the_rule(asking):
    text = asking.ask("work/food", text=asking.card()).content.decode()
    assert 'data-outcome="no"' in text
    assert "这些卡还不够" in text


def test_a_later_day_is_asked_as_of_that_day(asking):
    person = practised(asking.world, "occupational-health")
    text = asking.ask("work/food", person=person, days=365).content.decode()
    assert 'data-outcome="yes"' not in text


def test_rules_to_come_can_be_asked_for_their_day(world):
    first = world.now + timedelta(days=20)
    world.publish("occupational-health", first, first + timedelta(days=90), now=world.now)
    asking = Asking(world)
    person = practised(world, "occupational-health")
    assert "那天没有规则" in asking.ask("work/food", person=person).content.decode()
    assert 'data-outcome="yes"' in asking.ask("work/food", person=person, days=25).content.decode()


def test_a_card_that_is_not_genuine_is_told_as_the_checker_would(asking):
    text = asking.ask(text=asking.card()[:-20] + "A" * 20).content.decode()
    assert 'data-outcome="no"' in text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"purpose": "moon"}, "请选一个用途"),
        ({"days": -1}, "从今天起一年之内"),
        ({"days": 400}, "从今天起一年之内"),
        ({"day_month": "13"}, "请写年、月、日"),
        ({"region": "QX"}, "这里还问不了"),
        ({"text": ""}, "代号 no-card"),
        ({"card": uuid.uuid4().hex}, "请选列表里的卡"),
    ],
)
def test_bad_input_is_told_and_nothing_is_lost(asking, wrong, said):
    fields = {"text": asking.card()} | wrong
    page = asking.ask(fields.pop("purpose", "school"), days=fields.pop("days", 0), **fields)
    assert page.status_code == 422
    assert said in page.content.decode()


def test_one_s_own_cards_are_there_and_ticked(asking):
    world = asking.world
    person = world.person("顾小舟", birth="2020-03-18")
    card = world.card(person, by=world.staff(Role.CLERK))
    own = Asking(world, world.resident(person))
    text = own.look()
    assert f'value="{card.id.hex}"' in text
    assert "checked" in text
    before = AuditEntry.objects.count()
    assert 'data-outcome="due"' in own.ask(of=person.id, card=card.id.hex).content.decode()
    assert AuditEntry.objects.count() == before


def test_who_acts_for_a_child_uses_the_child_s_cards_and_leaves_an_entry(asking):
    world = asking.world
    child, mother = world.person("林㑇", birth="2020-03-18"), world.person("林桥")
    card = world.card(child, by=world.staff(Role.CLERK))
    world.guardian(child, mother)
    own = Asking(world, world.resident(mother))
    assert f"/journey?of={child.id}" in own.look()
    assert card.id.hex in own.look(f"/journey?of={child.id}")
    assert AuditEntry.objects.filter(action="opened-wallet", subject=child.id).exists()


def test_nobody_else_s_cards_are_there(asking):
    stranger = asking.world.person("何晚灯")
    own = Asking(asking.world, asking.world.resident(asking.world.person("林桥")))
    for of in (stranger.id, "moon"):
        assert own.browser.get(f"/journey?of={of}").status_code == 404


def test_where_nothing_is_asked_it_says_so(world):
    assert "现在什么都不问" in Asking(world).look()


def test_the_purpose_can_be_chosen_by_a_link(asking):
    radios = re.findall(r'<input type="radio" [^>]*>', asking.look("/journey?purpose=work/food"))
    assert [one for one in radios if "checked" in one] == [
        one for one in radios if 'value="work/food"' in one
    ]


def test_too_many_cards_are_refused_with_the_code(asking, monkeypatch):
    monkeypatch.setattr(queries, "MOST_CARDS", 0)
    page = asking.ask(text=asking.card())
    assert page.status_code == 422
    assert "too-big" in page.content.decode()


def test_nothing_of_an_answer_is_kept(asking):
    text = asking.card()
    before = AuditEntry.objects.count()
    asking.ask(text=text)
    assert AuditEntry.objects.count() == before
    assert dict(asking.browser.session.items()) == {}


def device(text):
    """What a page brings along for a script."""
    found = re.search(r'<script id="journey-device" type="application/json">(.*?)</script>', text)
    assert found
    return json.loads(found[1])


def test_the_page_brings_along_what_a_device_needs_and_nobody_s_name(asking):
    world = asking.world
    person = world.person("顾小舟", birth="2020-03-18")
    card = world.card(person, by=world.staff(Role.CLERK))
    brought = device(Asking(world, world.resident(person)).look())
    assert brought["cards"][card.id.hex]["payload"]["birth"] == "2020-03-18"
    assert "顾小舟" not in json.dumps(brought, ensure_ascii=False)
    assert practised(world, "pandemic") in brought["people"]
    assert device(asking.look())["cards"] == {}


def test_a_card_that_does_not_count_says_so_on_the_device_too(asking, monkeypatch):
    world = asking.world
    person = world.person("顾小舟", birth="2020-03-18")
    card = world.card(person, by=world.staff(Role.CLERK))
    monkeypatch.setattr(signing, "trust_store", lambda now: TrustStore((), environment="test"))
    brought = device(Asking(world, world.resident(person)).look())
    assert brought["cards"][card.id.hex]["fault"]["text"]["en"]


def test_cards_that_do_not_agree_about_whose_they_are_are_not_computed_on_a_device(asking):
    world = asking.world
    person, clerk = world.person("顾小舟", birth="2020-03-18"), world.staff(Role.CLERK)
    world.card(person, by=clerk)
    world.card(person, by=clerk, cells={"name": "何晚灯", "latin": ""})
    assert device(Asking(world, world.resident(person)).look())["cards"] == {}


def test_programs_read_the_rules_as_published_and_the_words(asking):
    answer = asking.browser.get("/rules.json")
    assert answer["Cache-Control"] == "public, max-age=300"
    assert {one["purpose"] for one in answer.json()["rules"]} >= {"school", "work/food"}
    words = asking.browser.get("/rules/words.json")
    assert words.json()["sentences"]["yes"]["en"] == "Yes: these cards meet the rules."


def test_who_chose_a_practice_person_means_that_one(asking):
    world = asking.world
    person = world.person("顾小舟", birth="2020-03-18")
    card = world.card(person, by=world.staff(Role.CLERK))
    own = Asking(world, world.resident(person))
    page = own.ask("work/food", card=card.id.hex, person=practised(world, "occupational-health"))
    assert 'data-outcome="yes"' in page.content.decode()
