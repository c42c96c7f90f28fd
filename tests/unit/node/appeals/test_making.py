"""Making an appeal: without an account, with one, at the desk; what is kept of it, and what is not."""

import json
import re
import uuid

import pytest
from django.core import serializers
from django.db import IntegrityError, transaction

from huxin.kernel.errors import RefusalError
from huxin.node.base import limits
from huxin.node.base.actor import NOBODY, Actor
from huxin.node.base.limits import Window
from huxin.node.base.models import AuditEntry
from huxin.node.base.permissions import Role
from huxin.node.trust.actions import appeals as actions
from huxin.node.trust.models import Appeal, Hearing
from tests.unit.node.appeals.conftest import TEXT, new_key, receipt_of, send, text_of


def code_of_refusal(call):
    with pytest.raises(RefusalError) as caught:
        call()
    return caught.value.refusal.code


@pytest.mark.parametrize("language", ["zh", "en"])
def test_anybody_appeals_and_gets_a_receipt(town, language):
    browser = town.world.client()
    browser.cookies["huxin_lang"] = language
    answer = send(browser, contact="13900000000")
    number, code = receipt_of(answer)
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", number)
    assert re.fullmatch(r"[0-9A-Z]{5}-[0-9A-Z]{5}", code)
    made = Appeal.objects.get()
    assert (made.number, made.purpose, made.pack) == (number, "school", "school-entry")
    assert (made.person, made.by, made.at_desk, made.contact) == (None, None, False, "13900000000")
    (hearing,) = made.hearings.all()
    assert (hearing.text, (hearing.due_at - hearing.made_at).total_seconds()) == (TEXT, 86_400)
    said = text_of(answer)
    for word in ("申诉回执", "Receipt of an appeal", "/appeals/receipt", "90", "任何窗口"):
        assert word in said
    assert TEXT not in said
    (entry,) = AuditEntry.objects.filter(action="appealed")
    assert (entry.actor, entry.subject, entry.organisation) == (None, None, None)


def test_a_second_click_finds_the_first(town):
    browser, key = town.world.client(), new_key()
    fields = {"request": key, "text": TEXT}
    first, second = (browser.post("/appeals/new?purpose=school", fields) for _ in range(2))
    assert receipt_of(first) == receipt_of(second)
    assert (Appeal.objects.count(), Hearing.objects.count()) == (1, 1)
    assert AuditEntry.objects.filter(action="appealed").count() == 1


def test_two_clicks_at_one_moment_make_one(town, monkeypatch):
    key = new_key()
    first = town.made(request=key)
    looks = iter([None, first.appeal])
    monkeypatch.setattr(actions, "_same", lambda request: next(looks))
    assert town.made(request=key).appeal == first.appeal
    looks = iter([None, None])
    with pytest.raises(IntegrityError), transaction.atomic():
        town.made(request=key)


def test_the_address_of_an_officer_gives_no_receipt_away(town):
    """Who knows the identifiers of an appeal cannot make its form's page show the code again."""
    made = town.made()
    for known in (made.appeal.id, town.hearing(made).id):
        answer = town.world.client().post(
            "/appeals/new?purpose=school", {"request": known, "text": TEXT}
        )
        assert receipt_of(answer)[1] != made.code


def test_nothing_is_kept_that_must_not_be(town):
    """Neither code nor words can be read in the tables; no place, no card, no answer has a column."""
    person = town.world.person("顾小舟")
    by = Actor(user=uuid.uuid4(), person=person.id)
    made = town.made(contact="13900000000", person=person, by=by)
    rows = serializers.serialize("json", [made.appeal, town.hearing(made)])
    stored = b"".join(
        bytes(value)
        for model in (Appeal, Hearing)
        for row in _raw(model)
        for value in row
        if isinstance(value, bytes | memoryview)
    )
    for secret in (TEXT, "13900000000", made.code, made.code.replace("-", "")):
        assert secret.encode() not in stored
    columns = {name for one in json.loads(rows) for name in one["fields"]}
    assert columns == {
        "number", "code", "request", "attempts", "tried_at", "person", "by", "at_desk", "purpose",
        "pack", "rule", "version", "contact", "made_at", "appeal", "turn", "text", "due_at", "owner",
        "office", "taken_at", "decision", "reason", "desk", "decided_at",
    }  # fmt: skip


def _raw(model):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {model._meta.db_table}")  # a table of ours
        return cursor.fetchall()


def test_a_rule_is_chosen_from_those_that_were_asked(town):
    rule = town.rules[0]
    browser = town.world.client()
    assert rule.document["description"]["zh-Hans"] in text_of(browser.get("/appeals/new?purpose=school"))  # fmt: skip
    send(browser, rule=f"{rule.rule} {rule.version}")
    made = Appeal.objects.get()
    assert (made.rule, made.version) == (rule.rule, rule.version)
    answer = send(browser, rule="SCHOOL-MOON 1.0.0")
    assert "请从列出的里面选" in text_of(answer)
    assert Appeal.objects.count() == 1


def test_an_answer_without_a_rule_can_be_appealed_against_too(town):
    browser = town.world.client()
    page = browser.get("/appeals/new?purpose=genuine").content.decode()
    assert 'name="rule"' not in page
    send(browser, "/appeals/new?purpose=genuine")
    made = Appeal.objects.get()
    assert (made.purpose, made.rule, made.pack) == ("", "", "")


def test_a_purpose_that_is_not_asked_shows_those_that_are(town):
    browser = town.world.client()
    for place in ("/appeals/new", "/appeals/new?purpose=moon"):
        page = text_of(browser.get(place))
        assert "申诉关于什么" in page
        assert "预防接种证" in page
    assert browser.post("/appeals/new?purpose=moon", {"text": TEXT}).status_code == 200
    assert Appeal.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": ""}, "这一项要填"),
        ({"text": "  \n "}, "这一项要填"),
        ({"text": "长" * 1001}, "1000"),
        ({"contact": "1" * 121}, "120"),
    ],
    ids=["nothing", "blank", "too long", "a contact that is too long"],
)
def test_bad_input_is_told_and_kept(town, fields, said):
    answer = send(town.world.client(), **fields)
    assert said in text_of(answer)
    for typed in filter(str.strip, fields.values()):
        assert typed in answer.content.decode()
    assert Appeal.objects.count() == 0


def test_the_code_of_a_card_is_not_received(town):
    person = town.world.person("林㑇")
    card = town.world.card(person, by=town.clerk)
    answer = send(town.world.client(), text=f"这是我的码：{card.text}"[:900])
    assert "里面有一张卡的码" in text_of(answer)
    assert Appeal.objects.count() == 0
    assert code_of_refusal(lambda: town.world.appeal(card.text[:900])) == "bad-input"


def test_a_form_without_its_request_is_refused(town):
    answer = town.world.client().post("/appeals/new?purpose=school", {"request": "x", "text": TEXT})
    assert TEXT in answer.content.decode()
    assert Appeal.objects.count() == 0


@pytest.mark.parametrize("window", ["APPEALS", "APPEALS_AN_HOUR"])
def test_too_many_of_one_address_wait_and_lose_nothing(town, monkeypatch, window):
    monkeypatch.setattr(limits, window, Window(1))
    browser = town.world.client()
    assert send(browser).status_code == 200
    answer = send(browser, text="另一份申诉。")
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert "另一份申诉。" in answer.content.decode()
    assert Appeal.objects.count() == 1


# ---------------------------------------------------------------------------------- with an account


@pytest.fixture
def family(town):
    world = town.world
    child = world.person("林㑇", birth="2020-03-18")
    mother = world.person("林桥", birth="1990-01-02")
    world.guardian(child, mother)
    return child, mother, world.client(world.resident(mother)), world.client(world.resident(child))


def test_a_mother_appeals_for_her_child(town, family):
    child, _, hers, childs = family
    page = text_of(hers.get("/appeals/new?purpose=school"))
    assert "我自己" in page
    assert "林㑇" in page
    send(hers, who=str(child.id))
    made = Appeal.objects.get()
    assert (made.person, made.at_desk) == (child, False)
    for browser in (hers, childs):
        assert made.number in text_of(browser.get("/appeals/mine"))
        assert TEXT in text_of(browser.get(f"/appeals/mine/{made.id}"))
    assert "替 林㑇" in text_of(hers.get("/appeals/mine"))
    looks = AuditEntry.objects.filter(action="opened-appeal")
    assert {one.subject for one in looks} == {child.id}
    assert looks.count() == 1  # her look; the child's own is nobody's business


def test_what_a_child_appealed_itself_is_its_own(town, family):
    child, _, hers, childs = family
    send(childs, who=str(child.id))
    made = Appeal.objects.get()
    assert made.number not in text_of(hers.get("/appeals/mine"))
    assert hers.get(f"/appeals/mine/{made.id}").status_code == 404
    assert childs.get(f"/appeals/mine/{made.id}").status_code == 200


def test_in_nobodys_name_leaves_no_trace_of_the_account(town, family):
    *_, hers, _ = family
    send(hers, who="receipt")
    made = Appeal.objects.get()
    assert (made.person, made.by) == (None, None)
    (entry,) = AuditEntry.objects.filter(action="appealed")
    assert (entry.actor, entry.subject) == (None, None)
    assert made.number not in text_of(hers.get("/appeals/mine"))


def test_nobody_speaks_for_a_stranger(town, family):
    *_, hers, _ = family
    stranger = town.world.person("顾小舟")
    assert "请从列出的里面选" in text_of(send(hers, who=str(stranger.id)))
    outsider = Actor(user=uuid.uuid4(), person=uuid.uuid4())
    for by in (outsider, NOBODY):
        assert code_of_refusal(lambda by=by: town.made(person=stranger, by=by)) == "bad-input"


def test_three_of_a_person_wait_at_a_time(town, family):
    child, _, hers, _ = family
    for _ in range(3):
        assert send(hers, who=str(child.id)).status_code == 200
    answer = send(hers, who=str(child.id), text="第四份。")
    assert answer.status_code == 409
    assert "第四份。" in answer.content.decode()
    assert Appeal.objects.count() == 3


def test_a_list_without_appeals_says_what_they_are_for(town, family):
    *_, hers, _ = family
    assert "没有申诉" in text_of(hers.get("/appeals/mine"))


def test_the_action_refuses_what_no_form_sends(town):
    assert code_of_refusal(lambda: town.world.appeal(" ")) == "missing"
    assert code_of_refusal(lambda: town.world.appeal("x" * 1001)) == "bad-input"
    assert code_of_refusal(lambda: town.made(contact="x" * 121)) == "bad-input"
    assert code_of_refusal(lambda: town.made(rule="SCHOOL-MOON", version="1.0.0")) == "bad-input"
    assert code_of_refusal(lambda: town.world.appeal(TEXT, purpose="moon")) == "bad-input"
    assert code_of_refusal(lambda: town.made(at_desk=True)) == "bad-input"


# ------------------------------------------------------------------------------------- at the desk


def test_a_clerk_writes_it_down_for_somebody_unknown(town):
    desk = town.world.client(town.clerk)
    assert "预防接种证" in text_of(desk.get("/desk/appeal"))
    place = "/desk/appeal?purpose=school"
    assert "这一项要填" in text_of(send(desk, place))  # is anybody here?
    answer = send(desk, place, present="on")
    receipt_of(answer)
    assert "回到签发台" in text_of(answer)
    made = Appeal.objects.get()
    assert (made.person, made.by, made.at_desk) == (None, town.clerk.id, True)


def test_a_clerk_writes_it_down_for_somebody_registered(town):
    desk = town.world.client(town.clerk)
    person = town.world.person("沈月桥")
    place = f"/desk/people/{person.id}/appeal?purpose=school"
    assert "沈月桥" in text_of(desk.get(place))
    assert "消息" in text_of(send(desk, place, present="on"))
    assert Appeal.objects.get().person == person
    for _ in range(2):
        send(desk, place, present="on")
    answer = send(desk, place, present="on", text="第四份。")
    assert answer.status_code == 409
    assert "第四份。" in answer.content.decode()


def test_a_desk_knows_only_its_own_people(town):
    stranger = town.world.person("顾小舟", at=town.world.elsewhere)
    by = town.world.actor(town.clerk)
    assert code_of_refusal(lambda: town.made(person=stranger, by=by, at_desk=True)) == "bad-input"


def test_the_empty_form_is_printed(town):
    page = text_of(town.world.client().get("/appeals/paper?purpose=school"))
    for word in ("申诉表", "Appeal form", "24", "预防接种证", "河埠头服务中心", "不用写证件号"):
        assert word in page
    page = text_of(town.world.client().get("/appeals/paper?purpose=moon"))
    assert "入学、工作、旅行" in page


def test_where_no_desk_is_listed_the_form_says_any(world):
    assert "交到任何一个窗口" in text_of(world.client().get("/appeals/paper"))


def test_who_works_nowhere_writes_nothing_down(town):
    nowhere = town.world.staff(Role.CLERK)
    nowhere.grants.update(organisation=None)
    assert town.world.client(nowhere).get("/desk/appeal").status_code == 403
