"""Reading an appeal again with its receipt, tries that are bounded, and appealing once more."""

from datetime import timedelta

import pytest

from huxin.kernel.errors import RefusalError
from huxin.node.base import limits
from huxin.node.base.actor import NOBODY
from huxin.node.base.limits import Window
from huxin.node.base.models import AuditEntry
from huxin.node.trust.actions import appeals as actions
from huxin.node.trust.models import Hearing
from huxin.trust.appeals import Decision
from tests.unit.node.appeals.conftest import TEXT, text_of


def read(town, number, code, **more):
    place = "/appeals/again" if more else "/appeals/receipt"
    return town.world.client().post(place, {"number": number, "code": code, **more})


def test_a_receipt_opens_the_appeal_however_it_is_typed(town):
    made = town.made()
    number, code = made.appeal.number, made.code
    for typed in (number, number.lower(), number.replace("-", " "), number.replace("0", "O")):
        answer = read(town, typed, code.lower().replace("-", ""))
        assert answer.status_code == 200
        page = text_of(answer)
        assert TEXT in page
        assert "等人接手" in page
        assert "还没有人接手" in page
    assert AuditEntry.objects.filter(action="read-appeal", actor=None).count() == 4


def test_it_says_who_is_responsible_and_what_was_decided(town):
    made = town.made()
    town.take(made)
    page = text_of(read(town, made.appeal.number, made.code))
    assert "有人在办" in page
    assert "河埠头服务中心的一位工作人员" in page
    assert town.officer.username not in page
    town.decide(made, Decision.MEND_CARD, reason="旧本子上的\n第二剂没有抄进来。")
    page = text_of(read(town, made.appeal.number, made.code))
    for word in ("有决定了", "卡有错，要更正", "旧本子上的", "到窗口更正", "河埠头服务中心"):
        assert word in page


@pytest.mark.parametrize("wrong", ["number", "code"])
def test_one_answer_to_whatever_does_not_open(town, wrong):
    made = town.made()
    fields = {"number": made.appeal.number, "code": made.code, wrong: {"number": "ZZZZ-ZZZZ", "code": "ZZZZZ-ZZZZZ"}[wrong]}  # fmt: skip
    answer = read(town, **fields)
    assert answer.status_code == 400
    assert "没有打开" in text_of(answer)
    assert TEXT not in text_of(answer)
    assert AuditEntry.objects.filter(action="appeal-code-failed").count() == 1


def test_after_ten_wrong_codes_it_rests_for_a_day(town):
    made, now = town.made(), town.world.now
    number = made.appeal.number
    for _ in range(actions.MOST_TRIES):
        assert actions.open_receipt(number, "ZZZZZZZZZZ", now=now) is None
    assert actions.open_receipt(number, made.code, now=now + timedelta(hours=23)) is None
    later = now + timedelta(hours=24)
    assert actions.open_receipt(number, "ZZZZZZZZZZ", now=later) is None
    assert actions.open_receipt(number, made.code, now=later) == made.appeal


def test_a_right_code_forgets_the_wrong_ones(town):
    made, now = town.made(), town.world.now
    for _ in range(3):
        for _ in range(actions.MOST_TRIES - 1):
            assert actions.open_receipt(made.appeal.number, "ZZZZZZZZZZ", now=now) is None
        assert actions.open_receipt(made.appeal.number, made.code, now=now) is not None


def test_too_many_tries_of_one_address_wait(town, monkeypatch):
    monkeypatch.setattr(limits, "SLIP_TRIES", Window(1))
    made = town.made()
    assert read(town, made.appeal.number, made.code).status_code == 200
    answer = read(town, made.appeal.number, made.code)
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        ("", "ABCDE-12345", "这一项要填"),
        ("ABC", "ABCDE-12345", "编号是 8 个"),
        ("ABCD-1234", "ABC", "码是 10 个"),
    ],
)
def test_a_mistyped_receipt_is_told(town, number, code, said):
    answer = read(town, number, code)
    assert said in text_of(answer)
    assert number in answer.content.decode()


def test_number_and_code_are_not_taken_from_an_address(town):
    made = town.made()
    answer = town.world.client().get(
        "/appeals/receipt", {"number": made.appeal.number, "code": made.code}
    )
    assert TEXT not in text_of(answer)
    assert "回执编号" in text_of(answer)
    assert town.world.client().get("/appeals/again").status_code == 302


# ------------------------------------------------------------------------------------ once more


def test_a_decision_is_appealed_against_once(town):
    made = town.made()
    number, code = made.appeal.number, made.code
    more = {"text": "旧本子没有看。"}
    assert "还没有决定" in text_of(read(town, number, code, **more))
    town.decide(made, Decision.STANDS)
    assert "再申诉一次" in text_of(read(town, number, code))
    for _ in range(2):  # a second click makes no third
        page = text_of(read(town, number, code, **more))
        assert "再次申诉" in page
        assert "旧本子没有看。" in page
    assert Hearing.objects.filter(appeal=made.appeal).count() == 2
    assert AuditEntry.objects.filter(action="appealed-again").count() == 1
    assert "不能再申诉了" in text_of(read(town, number, code, text="第三次。"))
    town.decide(made, Decision.STANDS, by=town.publisher)
    assert Hearing.objects.filter(decided_at=None).count() == 1  # they published the rule
    town.decide(made, Decision.STANDS, by=town.clerk)
    page = text_of(read(town, number, code))
    assert "不同意，再申诉一次" not in page


def test_an_empty_second_appeal_is_told(town):
    made = town.made()
    town.decide(made, Decision.STANDS)
    answer = read(town, made.appeal.number, made.code, text="")
    assert "这一项要填" in text_of(answer)
    assert Hearing.objects.count() == 1
    for text, code in ((" ", "missing"), ("x" * 1001, "bad-input")):
        with pytest.raises(RefusalError) as caught:
            actions.appeal_again(made.appeal, text, by=NOBODY, now=town.world.now)
        assert caught.value.refusal.code == code


def test_a_person_appeals_again_from_their_own_page(town):
    world = town.world
    person = world.person("林桥")
    user = world.resident(person)
    browser, by = world.client(user), world.actor(user)
    made = town.made(person=person, by=by)
    place = f"/appeals/mine/{made.appeal.id}"
    assert browser.post(place, {"text": "太早了。"}).status_code == 409
    town.decide(made, Decision.STANDS)
    assert "这一项要填" in text_of(browser.post(place, {"text": ""}))
    answer = browser.post(place, {"text": "旧本子没有看。"}, follow=True)
    assert "由另一位工作人员看" in text_of(answer)
    assert "旧本子没有看。" in text_of(answer)
