"""Officers: the list by deadline, who may take what, a decision that stays, and who is told."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from huxin.kernel.errors import RefusalError
from huxin.node.base import clearing
from huxin.node.base.models import AuditEntry, Message
from huxin.node.base.permissions import Role
from huxin.node.trust.actions import appeals
from huxin.node.trust.actions import decide_appeals as actions
from huxin.node.trust.actions.decide_appeals import Ruling
from huxin.node.trust.appeal_words import left_words
from huxin.node.trust.models import Appeal, Hearing
from huxin.node.trust.queries import appeals as queries
from huxin.node.trust.queries.named import kept_back_objects
from huxin.packs.reader import Words
from huxin.trust.appeals import Decision, Left
from tests.lib.confidence import confide
from tests.unit.node.appeals.conftest import TEXT, text_of

A_DAY = timedelta(days=1)


def refusal(call):
    with pytest.raises(RefusalError) as caught:
        call()
    return caught.value.refusal.code


def place(town, made):
    return f"/appeals/open/{town.hearing(made).id}"


# ------------------------------------------------------------------------------------- the list


def test_the_list_is_by_deadline_and_says_nothing_of_what_was_said(town):
    now = town.world.now
    town.world.now = now - timedelta(hours=27)
    late = town.made()
    town.world.now = now - timedelta(hours=19, minutes=-1)
    soon = town.made()
    town.world.now = now
    page = text_of(town.world.client(town.officer).get("/appeals/open"))
    assert page.index(late.appeal.number) < page.index(soon.appeal.number)
    assert "超过期限 3 小时" in page
    assert "5 小时内答复" in page
    assert TEXT not in page


@pytest.mark.parametrize(
    ("left", "zh", "en"),
    [
        (Left(5, late=False), "5 小时内答复", "due in 5 h"),
        (Left(0, late=False), "不到 1 小时就到期限", "due within 1 h"),
        (Left(0, late=True), "刚过期限，不到 1 小时", "less than 1 h late"),
        (Left(3, late=True), "超过期限 3 小时", "3 h late"),
    ],
)
def test_how_long_is_left_in_words(left, zh, en):
    assert left_words(left) == Words(zh, en)


def test_an_empty_list_says_so(town):
    assert "没有等决定的申诉" in text_of(town.world.client(town.officer).get("/appeals/open"))


def test_the_desk_tells_how_many_wait(town):
    town.made()
    assert "等决定的申诉：1 份" in text_of(town.world.client(town.clerk).get("/desk"))


# ------------------------------------------------------------------------------------ taking one


def test_what_was_said_is_shown_to_whoever_took_it(town):
    made = town.made(contact="13900000000")
    browser, other = town.world.client(town.officer), town.world.client(town.clerk)
    where = place(town, made)
    page = text_of(browser.get(where))
    assert "我来办" in page
    assert TEXT not in page
    answer = browser.post(where, {"do": "take"}, follow=True)
    assert TEXT in text_of(answer)
    assert "13900000000" in text_of(answer)
    assert other.get(where).status_code == 404
    answer = other.post(where, {"do": "take"}, follow=True)
    assert "另一位工作人员已经在办" in text_of(answer)
    assert TEXT not in text_of(answer)
    assert browser.post(where, {"do": "take"}).status_code == 302  # a second click
    assert AuditEntry.objects.filter(action="took-appeal").count() == 1
    assert AuditEntry.objects.filter(action="opened-appeal", actor=town.officer.id).exists()


def test_the_publisher_of_the_rule_leaves_it_to_another(town):
    made = town.made()
    browser = town.world.client(town.publisher)
    page = text_of(browser.get("/appeals/open"))
    assert "由另一位办" in page
    assert browser.get(place(town, made)).status_code == 404
    assert browser.post(place(town, made), {"do": "take"}).status_code == 404
    assert town.take(made, town.publisher) is None


def test_whoever_proposed_the_rule_leaves_it_too(town):
    type(town.rules[0]).objects.update(proposed_by=town.officer.id)
    assert town.take(town.made(), town.officer) is None
    assert town.take(town.made(), town.clerk) is not None


def test_a_rule_that_is_named_bars_its_own_publisher_only(town):
    world = town.world
    later = world.staff(Role.RULE_OFFICER)
    one, other = town.rules[0], town.rules[1]
    type(one).objects.filter(id=one.id).update(published_by=later.id)
    made = town.made(rule=other.rule, version=other.version)
    assert town.take(made, town.publisher) is None
    assert town.take(made, later) is not None


def test_an_answer_that_asked_no_rule_bars_no_publisher(town):
    assert town.take(town.world.appeal(), town.publisher) is not None


def test_the_publisher_decides_where_nobody_else_may(town):
    for user in (town.officer, town.clerk):
        user.is_active = False
        user.save()
    assert town.take(town.made(), town.publisher) is not None


def test_the_clerk_who_wrote_it_down_leaves_it_to_another(town):
    made = town.made(by=town.world.actor(town.clerk), at_desk=True)
    assert town.take(made, town.clerk) is None
    assert town.take(made, town.officer) is not None


def test_nobody_decides_their_own(town):
    world = town.world
    person = world.person("何公言")
    town.officer.person = person
    town.officer.save()
    made = town.made(person=person, by=world.actor(town.officer))
    child = world.person("何小言")
    world.guardian(child, person)
    for_a_child = town.made(person=child, by=world.actor(town.officer))
    for user in (town.clerk, town.publisher):
        user.is_active = False
        user.save()
    assert town.take(made) is None
    assert town.take(for_a_child) is None


def test_an_appeal_is_given_back_with_its_deadline(town):
    made = town.made()
    browser, where = town.world.client(town.officer), place(town, made)
    assert browser.post(where, {"do": "back"}).status_code == 404
    due = town.hearing(made).due_at
    browser.post(where, {"do": "take"})
    answer = browser.post(where, {"do": "back"}, follow=True)
    assert "放回去了" in text_of(answer)
    hearing = town.hearing(made)
    assert (hearing.owner, hearing.office, hearing.due_at) == (None, None, due)


def test_past_the_deadline_another_takes_it_over(town):
    now = town.world.now
    town.world.now = now - timedelta(hours=25)
    made = town.made()
    town.take(made, town.clerk)
    town.world.now = now
    browser = town.world.client(town.officer)
    assert "另一位工作人员接了手，但期限过了" in text_of(browser.get(place(town, made)))
    assert TEXT in text_of(browser.post(place(town, made), {"do": "take"}, follow=True))
    assert town.hearing(made).owner == town.officer.id


def test_only_officers_act(town):
    made = town.made()
    hearing, now = town.hearing(made).id, town.world.now
    checker = town.world.actor(town.world.staff(Role.CHECKER))
    ruling = Ruling(Decision.STANDS, "x")
    for call in (
        lambda: actions.take(hearing, by=checker, now=now),
        lambda: actions.give_back(hearing, by=checker, now=now),
        lambda: actions.decide(hearing, ruling, by=checker, now=now),
    ):
        assert refusal(call) == "bad-input"
    by = town.world.actor(town.officer)
    assert actions.take(uuid.uuid4(), by=by, now=now) is None
    assert queries.hearing_here(uuid.uuid4(), by=by, now=now) is None


# -------------------------------------------------------------------------------------- deciding


@pytest.fixture
def taken(town):
    made = town.made()
    town.take(made)
    return made


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "这一项要填"),
        ({"decision": "exempt"}, "这一项要填"),
        ({"decision": "exempt", "reason": " "}, "这一项要填"),
        ({"decision": "green", "reason": "x"}, "请从列出的里面选"),
        ({"decision": "mend-card", "reason": "x"}, "要写明到哪个窗口更正"),
        ({"decision": "mend-card", "reason": "x", "desk": str(uuid.uuid4())}, "请从列出的里面选"),
        ({"decision": "stands", "reason": "长" * 1001}, "1000"),
    ],
    ids=[
        "nothing",
        "no reason",
        "blank",
        "no such decision",
        "no desk",
        "no such desk",
        "too long",
    ],
)
def test_a_decision_that_is_not_whole_is_told(town, taken, fields, said):
    browser = town.world.client(town.officer)
    answer = browser.post(place(town, taken), {"do": "decide", **fields})
    assert said in text_of(answer)
    assert fields.get("reason", "") in answer.content.decode()
    assert town.hearing(taken).decided_at is None


def test_where_there_is_no_desk_none_is_asked_for(town, taken):
    town.clerk.is_active = False
    town.clerk.save()
    fields = {"do": "decide", "decision": "mend-card", "reason": "到别处更正。"}
    town.world.client(town.officer).post(place(town, taken), fields)
    assert (town.hearing(taken).decision, town.hearing(taken).desk) == ("mend-card", None)


def test_a_decision_is_written_once_and_stays(town, taken):
    browser, where = town.world.client(town.officer), place(town, taken)
    fields = {"do": "decide", "decision": "exempt", "reason": "旧本子也算。"}
    answer = browser.post(where, fields, follow=True)
    assert "不能再改" in text_of(answer)
    assert "写下决定" not in text_of(browser.get(where))
    again = {**fields, "decision": "stands", "reason": "反悔了。"}
    assert browser.post(where, again).status_code == 302
    for do in ("take", "back"):
        assert browser.post(where, {"do": do}).status_code in (302, 404)
    hearing = town.hearing(taken)
    assert (hearing.decision, hearing.reason, hearing.desk) == ("exempt", "旧本子也算。", None)
    assert AuditEntry.objects.filter(action="decided-appeal").count() == 1
    assert town.world.client(town.clerk).get(where).status_code == 404


def test_the_action_refuses_what_no_form_sends(town, taken):
    hearing, by, now = town.hearing(taken).id, town.world.actor(town.officer), town.world.now
    for ruling, code in (
        (Ruling(Decision.STANDS, " "), "missing"),
        (Ruling(Decision.STANDS, "x" * 1001), "bad-input"),
    ):
        assert (
            refusal(lambda ruling=ruling: actions.decide(hearing, ruling, by=by, now=now)) == code
        )
    good = Ruling(Decision.STANDS, "x")
    other = town.world.actor(town.clerk)
    assert actions.decide(hearing, good, by=other, now=now) is None


def test_who_became_barred_meanwhile_decides_no_more(town, taken):
    Appeal.objects.update(by=town.officer.id)
    by = town.world.actor(town.officer)
    ruling = Ruling(Decision.STANDS, "x")
    assert actions.decide(town.hearing(taken).id, ruling, by=by, now=town.world.now) is None
    fields = {"do": "decide", "decision": "stands", "reason": "写了半天的理由。"}
    page = text_of(town.world.client(town.officer).post(place(town, taken), fields))
    assert "不能由您决定" in page
    assert "写了半天的理由。" in page  # nothing typed is lost
    assert town.hearing(taken).decided_at is None


def test_who_took_it_as_the_only_one_finishes_it_when_a_colleague_comes(town):
    made = town.made(by=town.world.actor(town.clerk), at_desk=True)
    for user in (town.officer, town.publisher):
        user.is_active = False
        user.save()
    browser, where = town.world.client(town.clerk), place(town, made)
    browser.post(where, {"do": "take"})
    town.world.staff(Role.CLERK)
    assert browser.post(where, {"do": "take"}).status_code == 302  # a second click
    fields = {"do": "decide", "decision": "stands", "reason": "看过了。"}
    assert "不能再改" in text_of(browser.post(where, fields, follow=True))
    assert town.hearing(made).reason == "看过了。"


@pytest.mark.parametrize("opens", [True, False], ids=["put back", "with another"])
def test_what_was_written_for_an_appeal_that_is_gone_is_shown(town, taken, opens):
    browser, where = town.world.client(town.officer), place(town, taken)
    Hearing.objects.update(owner=None if opens else town.clerk.id)
    fields = {"do": "decide", "decision": "stands", "reason": "写了半天的理由。"}
    answer = browser.post(where, fields)
    assert answer.status_code == 409
    assert "没有写下决定" in text_of(answer)
    assert "写了半天的理由。" in text_of(answer)
    assert TEXT not in text_of(answer)
    assert town.hearing(taken).decided_at is None
    # Nobody learns which appeals there are.
    assert browser.post(f"/appeals/open/{uuid.uuid4()}", fields).status_code == 409


def test_a_second_appeal_goes_to_another_officer(town, taken):
    town.decide(taken, Decision.STANDS)
    hearing = town.hearing(taken)
    Hearing.objects.create(
        appeal=taken.appeal, turn=2, text="x", made_at=town.world.now, due_at=hearing.due_at
    )
    for user in (town.clerk, town.publisher):
        user.is_active = False
        user.save()
    assert town.take(taken, town.officer) is None
    town.clerk.is_active = True
    town.clerk.save()
    assert town.take(taken, town.clerk) is not None
    page = text_of(town.world.client(town.clerk).get(place(town, taken)))
    assert "旧本子也算。" in page  # the first decision with its reason


@pytest.mark.parametrize(
    "fields",
    [
        {"decision": "exempt"},
        {"decided_at": True},
        {"decision": "exempt", "decided_at": True, "owner": None, "taken_at": None},
        {"turn": 3},
        {"turn": 0},
    ],
    ids=["no time", "no decision", "no owner", "a third turn", "no turn"],
)
def test_the_table_holds_no_half_decision(town, taken, fields):
    if fields.get("decided_at"):
        fields = {**fields, "decided_at": town.world.now}
    with pytest.raises(IntegrityError), transaction.atomic():
        Hearing.objects.update(**fields)


# --------------------------------------------------------------------------- the person, the clock


@pytest.fixture
def child(town):
    world = town.world
    child, mother = world.person("林㑇", birth="2012-03-18"), world.person("林桥", birth="1988")
    world.guardian(child, mother)
    return child, world.resident(child), world.resident(mother)


@pytest.mark.parametrize("decision", list(Decision))
def test_the_person_is_told_in_a_message(town, child, decision):
    person, own, _ = child
    made = town.made(person=person, by=town.world.actor(own))
    town.decide(made, decision)
    browser = town.world.client(own)
    page = browser.get("/wallet/messages")
    for word in (made.appeal.number, "旧本子也算。", "接下来", "打开这份申诉"):
        assert word in text_of(page)
    assert f"/appeals/mine/{made.appeal.id}" in page.content.decode()
    browser.cookies["huxin_lang"] = "en"
    assert "decided your appeal" in text_of(browser.get("/wallet/messages"))
    log = text_of(town.world.client(own).get("/wallet/access"))
    for word in ("接手了一份申诉", "决定了一份申诉"):
        assert word in log


def test_whoever_appealed_twice_is_not_sent_to_appeal_again(town, child):
    person, own, _ = child
    by = town.world.actor(own)
    made = town.made(person=person, by=by)
    town.decide(made, Decision.STANDS)
    at = town.world.now + timedelta(hours=2)
    appeals.appeal_again(made.appeal, "旧本子没有看。", by=by, now=at)
    town.decide(made, Decision.STANDS, by=town.clerk, hours=3)
    browser = town.world.client(own)
    first, last = Message.objects.filter(person=person).order_by("at")
    assert (first.blanks["next"], last.blanks["next"]) == ("stands", "stands-last")
    for where in ("/wallet/messages", f"/appeals/mine/{made.appeal.id}"):
        page = text_of(browser.get(where))
        assert page.count("可以再申诉一次") == 1  # of the first decision
        assert "到此为止" in page
    browser.cookies["huxin_lang"] = "en"
    assert "this appeal ends here" in text_of(browser.get("/wallet/messages"))


def test_a_message_outlives_its_appeal(town, child):
    person, own, _ = child
    made = town.made(person=person, by=town.world.actor(own))
    town.decide(made)
    Appeal.objects.all().delete()
    page = text_of(town.world.client(own).get("/wallet/messages"))
    assert made.appeal.number in page
    assert "打开这份申诉" not in page


def test_what_is_kept_back_from_a_guardian_stays_so(town, child, monkeypatch):
    confide(monkeypatch)
    person, own, mother = child
    made = town.made(person=person, by=town.world.actor(own))
    town.decide(made)
    hers = town.world.client(mother)
    assert made.appeal.number not in text_of(hers.get("/wallet/messages"))
    log = hers.get(f"/wallet/access/{person.id}")
    assert log.status_code == 200
    assert "一份申诉" not in text_of(log)
    by = town.world.actor(mother)
    kept = kept_back_objects(person.id, by=by, now=town.world.now)
    assert f"trust.appeal:{made.appeal.id}" in kept


def test_without_an_account_nobody_is_told(town):
    town.decide(town.made())
    assert Message.objects.count() == 0


def test_a_decided_appeal_is_cleared_after_ninety_days(town):
    now = town.world.now
    town.decide(town.made())
    town.made()
    assert clearing.clear(now=now + 90 * A_DAY) == {}
    assert clearing.clear(now=now + 91 * A_DAY) == {"appeals": 1}
    assert Hearing.objects.get().decided_at is None


def test_a_case_stays_until_its_last_decision_is_old(town):
    now, made = town.world.now, town.made()
    town.decide(made)
    Hearing.objects.create(
        appeal=made.appeal, turn=2, text="x", made_at=now + 80 * A_DAY, due_at=now + 81 * A_DAY
    )
    assert clearing.clear(now=now + 100 * A_DAY) == {}
    town.decide(made, by=town.clerk, hours=24 * 95)
    assert clearing.clear(now=now + 180 * A_DAY) == {}
    assert clearing.clear(now=now + 186 * A_DAY) == {"appeals": 1}
    assert Hearing.objects.count() == 0
