"""The rule desk: draft → lint → simulation → handed in → published by another officer → in force → ended."""

import json
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from huxin.node.base.models import AuditEntry, OutboxEvent
from huxin.node.base.permissions import Role
from huxin.node.trust.actions import rule_desk as desk
from huxin.node.trust.actions import rule_simulation
from huxin.node.trust.models import PublishedRule, RuleDraft
from huxin.node.trust.queries import rule_desk as queries
from huxin.node.trust.queries import rule_texts, rules
from huxin.trust.rules.simulate import simulate
from tests.unit.node.rules.conftest import (
    PACK,
    PEOPLE,
    begun,
    changed,
    code_of,
    handed_in,
    simulated,
)

pytestmark = pytest.mark.django_db


def refusal_of(judged):
    return judged.refusal and judged.refusal.code


# --------------------------------------------------------------------------------- the whole way


def test_from_a_draft_to_rules_that_are_asked(world, author, second):
    draft = handed_in(world, author)
    assert queries.judge_draft(draft, world.now).in_order
    made = desk.approve(draft.id, seen=draft.written_at, by=second, now=world.now)
    assert [row.rule for row in made] == ["VISIT-HOSPITAL"]
    assert {(row.proposed_by, row.published_by, row.draft_id) for row in made} == {
        (author.user, second.user, draft.id)
    }
    assert [one.action for one in queries.history(draft)] == [
        "rule-draft-begun", "rule-draft-simulated", "rule-draft-handed-in", "rule-draft-approved",
        "rule-published",
    ]  # fmt: skip
    assert OutboxEvent.objects.filter(name="rule-published").count() == 1
    (asked,) = rules.asked(world.now)
    states = {at: {one.state for one in rules.asked(at)[0].versions} for at in (
        world.now, made[0].valid_from, made[0].valid_until, made[0].valid_until + timedelta(days=1)
    )}  # fmt: skip
    assert list(states.values()) == [{"coming"}, {"in-force"}, {"in-force"}, {"ended"}]
    assert not asked.informs


def test_a_second_click_publishes_once(world, author, second):
    draft = handed_in(world, author)
    first = desk.approve(draft.id, seen=draft.written_at, by=second, now=world.now)
    again = desk.approve(draft.id, seen=draft.written_at, by=second, now=world.now)
    assert [row.id for row in again] == [row.id for row in first]
    assert PublishedRule.objects.count() == 1


def test_the_next_version_follows_the_one_that_stands(world, author, second):
    world.rules(PACK)
    text = rule_texts.of_purpose("visit/hospital", world.now)
    assert {one["version"] for one in json.loads(text)["rules"]} == {"1.1.0"}
    draft = handed_in(world, author, text=text)
    # Nobody moves while the version before lasts; it is asked on when that would have ended.
    now, then = queries.measured(draft)
    assert (now.effect.moved, then.effect.moved) == (0, PEOPLE)
    assert then.at > max(PublishedRule.objects.values_list("valid_until", flat=True))
    desk.approve(draft.id, seen=draft.written_at, by=second, now=world.now)
    assert PublishedRule.objects.filter(version="1.1.0").count() == 1
    assert rule_texts.of_purpose("event", world.now) == ""


def test_only_rule_officers_work_at_the_desk(world, author):
    clerk = world.actor(world.staff(Role.CLERK))
    draft = handed_in(world, author)
    seen = draft.written_at
    for step in (desk.hand_in, desk.take_back, desk.drop, desk.approve):
        assert code_of(step, draft.id, seen=seen, by=clerk, now=world.now) == "bad-input"
    assert code_of(desk.begin, "{}", pack="", request=uuid.uuid4(), by=clerk, now=world.now) == "bad-input"  # fmt: skip
    assert code_of(rule_simulation.start, draft.id, by=clerk, now=world.now) == "bad-input"


# ------------------------------------------------------------------------------ what was looked at


def test_steps_are_about_what_was_looked_at(world, author, second):
    draft = handed_in(world, author)
    old = draft.written_at - timedelta(seconds=1)
    for step in (desk.take_back, desk.approve):
        assert code_of(step, draft.id, seen=old, by=second, now=world.now) == "state"
    assert code_of(desk.drop, draft.id, seen=draft.written_at, by=author, now=world.now) == "state"
    desk.take_back(draft.id, seen=draft.written_at, by=author, now=world.now)
    assert (
        code_of(desk.approve, draft.id, seen=draft.written_at, by=second, now=world.now) == "state"
    )
    assert code_of(desk.approve, uuid.uuid4(), seen=old, by=second, now=world.now) == "state"


def test_two_who_write_at_once_do_not_overwrite_each_other(world, author, second):
    draft = begun(world, author)
    seen = draft.written_at
    later = world.now + timedelta(seconds=9)
    desk.write(draft.id, "{}", seen=seen, by=second, now=later)
    assert code_of(desk.write, draft.id, "[]", seen=seen, by=author, now=later) == "state"
    draft.refresh_from_db()
    assert (draft.text, draft.written_by) == ("{}", second.user)
    desk.write(draft.id, "{}", seen=later, by=author, now=later + timedelta(seconds=9))
    draft.refresh_from_db()
    assert draft.written_at == later  # the same text is no change


def test_a_second_click_begins_one_draft(world, author):
    request = uuid.uuid4()
    one = desk.begin("{}", pack="", request=request, by=author, now=world.now)
    assert desk.begin("[]", pack="", request=request, by=author, now=world.now).id == one.id
    assert AuditEntry.objects.filter(action="rule-draft-begun").count() == 1


def test_a_dropped_draft_stays_in_the_list(world, author):
    draft = begun(world, author)
    desk.drop(draft.id, seen=draft.written_at, by=author, now=world.now)
    assert [one.id for one in queries.drafts("dropped")] == [draft.id]
    assert code_of(rule_simulation.start, draft.id, by=author, now=world.now) == "state"


# ----------------------------------------------------------------------------------------- judging


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "rule-shape"),
        ("{", "rule-shape"),
        ('{"a": 1, "a": 2}', "rule-shape"),
        ("\ud800", "rule-shape"),
        ("[" * 5_000, "rule-shape"),
        (" " * (queries.MOST_LETTERS + 1), "rule-shape"),
        ('{"rules": []}', "rule-shape"),
    ],
    ids=range(7),
)
def test_what_cannot_be_read_is_kept_and_told(world, author, text, code):
    assert refusal_of(queries.judge(text, world.now)) == code
    if len(text) > queries.MOST_LETTERS:
        assert code_of(begun, world, author, text=text) == code
        return
    draft = begun(world, author, text=text.encode("utf-8", "replace").decode())
    assert code_of(rule_simulation.start, draft.id, by=author, now=world.now) == code
    assert code_of(desk.hand_in, draft.id, seen=draft.written_at, by=author, now=world.now) == code


def test_what_the_linter_refuses_is_neither_tried_nor_handed_in(world, author):
    draft = begun(world, author)
    text = changed(draft, basis=None)
    content = json.loads(text)
    del content["rules"][0]["basis"]
    later = world.now + timedelta(seconds=1)
    draft = desk.write(draft.id, json.dumps(content), seen=draft.written_at, by=author, now=later)
    assert code_of(rule_simulation.start, draft.id, by=author, now=later) == "lint-basis"
    assert code_of(desk.hand_in, draft.id, seen=later, by=author, now=later) == "lint-basis"


def test_without_a_simulation_of_this_text_nothing_is_handed_in(world, author):
    draft = begun(world, author)
    seen = draft.written_at
    assert code_of(desk.hand_in, draft.id, seen=seen, by=author, now=world.now) == "state"
    draft = simulated(draft, author, world)
    later = world.now + timedelta(seconds=1)
    text = draft.text.replace("告别探视", "告别")
    desk.write(draft.id, text, seen=seen, by=author, now=later)
    assert code_of(desk.hand_in, draft.id, seen=later, by=author, now=later) == "state"


def test_what_is_published_meanwhile_asks_for_another_simulation(world, author, second):
    draft = handed_in(world, author)
    world.rules("icvp")
    assert (
        code_of(desk.approve, draft.id, seen=draft.written_at, by=second, now=world.now) == "state"
    )
    desk.take_back(draft.id, seen=draft.written_at, by=author, now=world.now)
    draft = simulated(RuleDraft.objects.get(id=draft.id), author, world)
    desk.hand_in(draft.id, seen=draft.written_at, by=author, now=world.now)
    assert desk.approve(draft.id, seen=draft.written_at, by=second, now=world.now)


def test_time_that_passes_can_make_the_notice_too_short(world, author, second):
    draft = handed_in(world, author)
    late = world.now + timedelta(days=3)
    assert (
        code_of(desk.approve, draft.id, seen=draft.written_at, by=second, now=late) == "lint-notice"
    )
    assert RuleDraft.objects.get(id=draft.id).state == "waiting"


def test_what_only_admits_more_needs_no_notice(world, author, second):
    world.rules(PACK)
    text = rule_texts.of_purpose("visit/hospital", world.now)
    content = json.loads(text)
    (one,) = content["rules"]
    content["rules"] = [one | {"valid_from": (world.now + timedelta(hours=1)).isoformat()}]
    draft = begun(world, author, text=json.dumps(content))
    judged = queries.judge_draft(draft, world.now)
    assert [fault.fault.code for fault in judged.faults] == ["lint-notice"]
    assert judged.can_be_simulated
    draft = simulated(draft, author, world)
    assert queries.judge_draft(draft, world.now).in_order
    desk.hand_in(draft.id, seen=draft.written_at, by=author, now=world.now)
    (row,) = desk.approve(draft.id, seen=draft.written_at, by=second, now=world.now)
    assert row.version == "1.1.0"


def test_a_change_about_a_handful_is_not_published_here(world, author):
    """One more rule, for people of one year of age only, moves a few of a hundred."""
    world.rules(PACK)
    year = [{"plusTime": [{"var": "payload.birth"}, months, "month"]} for months in (480, 492)]
    clock = {"plusTime": [{"var": "external.validationClock"}, 0, "day"]}
    forty = {"and": [{"not-before": [clock, year[0]]}, {"before": [clock, year[1]]}]}
    content = json.loads(rule_texts.of_nothing(world.now))
    (rule,) = content["rules"]
    asks = rule["logic"]
    rule["logic"] = {"if": [{"var": "payload.birth"}, {"if": [forty, asks, True]}, asks]}
    draft = begun(world, author, text=json.dumps(content))
    draft = simulated(draft, author, world, people=1_500)
    codes = {one.fault.code for one in queries.judge_draft(draft, world.now).faults}
    assert codes == {"lint-target"}
    refused = code_of(desk.hand_in, draft.id, seen=draft.written_at, by=author, now=world.now)
    assert refused == "lint-target"


# ----------------------------------------------------------------------------------------- trials


def test_a_simulation_is_asked_for_once_and_goes_on_where_it_stopped(world, author):
    draft = begun(world, author, pack="occupational-health")
    rule_simulation.start(draft.id, people=PEOPLE, by=author, now=world.now)
    draft.refresh_from_db()
    assert (draft.asked, draft.to_ask) == (0, 5 * PEOPLE)
    assert not queries.measured(draft)
    assert rule_simulation.go_on.call(str(draft.id), draft.simulation_of) == PEOPLE
    rule_simulation.start(
        draft.id, people=PEOPLE, by=author, now=world.now
    )  # under way: left as it is
    draft.refresh_from_db()
    assert len(draft.effects) == 1
    later = world.now + timedelta(hours=1)  # it stands still: asked for again, nothing is lost
    rule_simulation.start(draft.id, people=PEOPLE, by=author, now=later)
    draft = simulated(draft, author, world)
    assert len(queries.measured(draft)) == 5
    assert AuditEntry.objects.filter(action="rule-draft-simulated").count() == 1
    assert (
        rule_simulation.go_on.call(str(draft.id), draft.simulation_of) == 5 * PEOPLE
    )  # nothing more to do


def test_a_simulation_of_another_text_stops(world, author, monkeypatch):
    draft = begun(world, author)
    rule_simulation.start(draft.id, people=PEOPLE, by=author, now=world.now)
    draft.refresh_from_db()
    wanted, seen = draft.simulation_of, draft.written_at

    def meanwhile(*_args, **_more):
        desk.write(draft.id, "{}", seen=seen, by=author, now=world.now + timedelta(seconds=1))
        RuleDraft.objects.filter(id=draft.id).update(simulation_of="another")
        return {}

    monkeypatch.setattr(rule_simulation, "_simulated", meanwhile)
    assert rule_simulation.go_on.call(str(draft.id), wanted) == 0
    assert rule_simulation.go_on.call(str(draft.id), wanted) == 0
    assert RuleDraft.objects.get(id=draft.id).effects == []


def test_a_simulation_tells_how_far_it_is(world, author, monkeypatch):
    monkeypatch.setattr(rule_simulation, "_TOLD", 50)
    draft = begun(world, author)
    rule_simulation.start(draft.id, people=PEOPLE, by=author, now=world.now)
    draft.refresh_from_db()
    seen = []

    def slow(*args, told, **more):
        def heard(number):
            told(number)
            seen.append(RuleDraft.objects.get(id=draft.id).asked)

        return simulate(*args, told=heard, **more)

    monkeypatch.setattr(rule_simulation, "simulate", slow)
    rule_simulation.go_on.call(str(draft.id), draft.simulation_of)
    assert set(seen) == {0, 50, 100}


# -------------------------------------------------------------------------------------------- pages


def test_the_pages_from_beginning_to_publication(world, author, second):
    first, other = (world.client(world.user(one)) for one in (author, second))
    page = first.get(reverse("rule-desk")).content.decode()
    assert "没有草稿" in page
    new = first.get(reverse("rule-desk-new"))
    assert first.post(reverse("rule-desk-new"), {"request": uuid.uuid4()}).status_code == 422
    answer = first.post(reverse("rule-desk-new"), {"request": uuid.uuid4(), "source": "pack:icvp"})
    draft = RuleDraft.objects.get()
    place = reverse("rule-draft", args=[draft.id])
    assert (new.status_code, answer["Location"]) == (200, place)
    assert "没有不能公布的" in first.get(place).content.decode()
    seen = draft.written_at.isoformat()
    answer = first.post(place, {"seen": seen, "text": draft.text, "do": "simulate"})
    assert answer.status_code == 302
    assert "<progress" in first.get(place).content.decode()
    draft.refresh_from_db()
    RuleDraft.objects.filter(id=draft.id).update(people=PEOPLE, to_ask=PEOPLE * 2)
    simulated(RuleDraft.objects.get(id=draft.id), author, world)
    page = first.get(place).content.decode()
    assert "个虚构的人里" in page
    assert "送审</button>" in page
    step = reverse("rule-draft-step", args=[draft.id])
    first.post(step, {"seen": seen, "do": "hand-in"})
    assert "收回来改" in first.get(place).content.decode()
    assert "等您看的" in other.get(reverse("rule-desk")).content.decode()
    page = other.get(place).content.decode()
    assert "同意并公布" in page
    decide = reverse("rule-draft-decide", args=[draft.id])
    assert other.post(decide, {"seen": seen, "do": "send-back"}).status_code == 422
    answer = other.post(decide, {"seen": seen, "do": "approve"})
    assert answer["Location"].startswith("/rules/entry/")
    page = first.get(place).content.decode()
    assert "公布了一条规则" in page
    assert "将要施行" in first.get(reverse("rule-desk")).content.decode()


def test_what_is_typed_is_judged_and_not_kept(world, author):
    browser = world.client(world.user(author))
    browser.cookies["huxin_lang"] = "en"
    page = browser.post(reverse("rule-desk-lint"), {"text": "{"}).content.decode()
    assert "rule-shape" in page
    text = rule_texts.of_nothing(world.now)
    page = browser.post(reverse("rule-desk-lint"), {"text": text}).content.decode()
    assert "New rule QW-1 1.0.0" in page
    assert RuleDraft.objects.count() == 0


def test_nothing_that_was_typed_is_lost_when_somebody_else_wrote(world, author, second):
    draft = begun(world, author)
    browser = world.client(world.user(author))
    old = draft.written_at.isoformat()
    desk.write(draft.id, "{}", seen=draft.written_at, by=second, now=world.now + timedelta(1))
    answer = browser.post(reverse("rule-draft", args=[draft.id]), {"seen": old, "text": "mine!"})
    assert answer.status_code == 409
    assert "mine!" in answer.content.decode()
    assert RuleDraft.objects.get().text == "{}"
    for step in (
        {"do": "hand-in"},
        {"do": "fly"},
        {"do": "simulate", "seen": old},
        {"seen": "never"},
    ):
        answer = browser.post(reverse("rule-draft-step", args=[draft.id]), step)
        assert answer.status_code == 302


def test_a_draft_is_sent_back_and_dropped_by_the_pages(world, author, second):
    draft = handed_in(world, author)
    seen = draft.written_at.isoformat()
    first, other = (world.client(world.user(one)) for one in (author, second))
    decide = reverse("rule-draft-decide", args=[draft.id])
    first.post(decide, {"seen": seen, "do": "approve"})
    assert RuleDraft.objects.get().state == "waiting"
    other.post(decide, {"seen": seen, "do": "send-back", "note": "请写明条款"})
    place = reverse("rule-draft", args=[draft.id])
    assert "请写明条款" in first.get(place).content.decode()
    assert "退回过" in first.get(reverse("rule-desk")).content.decode()
    first.post(reverse("rule-draft-step", args=[draft.id]), {"seen": seen, "do": "drop"})
    assert "已放弃" in first.get(place).content.decode()
    assert "已放弃" in first.get(reverse("rule-desk")).content.decode()


def test_the_next_version_shows_what_changes(world, author):
    world.rules(PACK)
    browser = world.client(world.user(author))
    answer = browser.post(
        reverse("rule-desk-new"), {"request": uuid.uuid4(), "source": "purpose:visit/hospital"}
    )
    page = browser.get(answer["Location"]).content.decode()
    assert "VISIT-HOSPITAL 1.0.0 → 1.1.0" in page
    assert "施行：" in page
    draft = RuleDraft.objects.get()
    assert draft.pack == PACK
    text = changed(draft, effect="informs", basis={"instrument": {"zh-Hans": "新"}, "article": "2", "read": "2026-01-02"}, logic=True, kinds=["test"], next_step={})  # fmt: skip
    page = browser.post(reverse("rule-desk-lint"), {"text": text}).content.decode()
    for told in ("进门前看 → 只提示", "依据：", "算式改了", "→ test", "lint-words"):
        assert told in page, told


def test_a_draft_that_no_program_can_read_has_a_name(world, author):
    begun(world, author, text="[7")
    begun(world, author, text='{"rules": 7}', pack="")
    begun(world, author, text='{"rules": [{"purpose": "event/moon"}, 7]}', pack="")
    page = world.client(world.user(author)).get(reverse("rule-desk")).content.decode()
    assert page.count("还读不了的草稿") == 2
    assert "活动 · moon" in page


@pytest.mark.parametrize("source", ["nothing", "pack:measles-outbreak", "pack:pandemic"])
def test_what_a_draft_begins_with_can_be_read(world, author, source):
    browser = world.client(world.user(author))
    browser.post(reverse("rule-desk-new"), {"request": uuid.uuid4(), "source": source})
    judged = queries.judge_draft(RuleDraft.objects.get(), world.now)
    assert judged.refusal is None
    assert judged.in_order
