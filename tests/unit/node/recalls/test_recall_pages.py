"""The pages of a recall: what each officer sees before, while and after, and what nobody else sees."""

import uuid
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from huxin.node.base.drafts import FIELD, ticket_for
from huxin.node.base.models import AuditEntry, Draft, Message
from huxin.node.base.permissions import Role
from huxin.node.trust import signing
from huxin.node.trust.actions import recalls as actions
from huxin.node.trust.actions import revoke
from huxin.node.trust.models import Card, Recall, Revocation
from huxin.node.trust.queries import recalls as queries
from tests.lib.recalls import BATCH, agreed, asked, batch, key, work


@pytest.fixture
def desk(world, clerk):
    return world.client(clerk)


@pytest.fixture
def other(world, second):
    return world.client(world.user(second))


def typed(**more):
    sent = {
        "reason": "batch-recalled",
        "what": "school-entry",
        "batch": BATCH,
        "note_zh": "周六来补打",
    }
    return {**sent, "request": str(uuid.uuid4()), **more}  # fmt: skip


def page(recall):
    return reverse("recall", args=[recall.id])


def step(recall):
    return reverse("recall-step", args=[recall.id])


def text(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return unescape(answer.content.decode())


def begun(desk, **more):
    answer = desk.post(reverse("recall-new"), typed(**more))
    assert answer.status_code == 302, answer.content.decode()
    return Recall.objects.get()


def test_from_a_batch_over_two_officers_to_who_has_to_be_called(world, desk, other, make):
    assert reverse("recalls") in text(desk, reverse("desk"))
    assert "还没有过" in text(desk, reverse("recalls"))
    card = make("林㑇")
    recall = begun(desk)
    assert "在找卡：看了 0 / 1 张" in text(desk, page(recall))
    assert "data-follow" in text(desk, page(recall))
    work(recall)

    shown = text(desk, page(recall))
    for words in (
        "1 张卡，1 个人",
        card.identifier,
        "周六来补打",
        "这一批疫苗被召回",
        "请同事看",
        "其中 1 个人没有账号",
    ):
        assert words in shown
    assert reverse("status-counts") in shown
    assert "林㑇" not in shown  # counts and identifiers, no name
    assert "data-follow" not in shown
    assert "同意，撤回这些卡" not in shown
    assert desk.post(step(recall), {"do": "ask"})["Location"] == page(recall)

    assert "有 1 次批量撤回等您看" in text(other, reverse("desk"))
    assert "次批量撤回等您看" not in text(desk, reverse("desk"))
    assert page(recall) in text(other, reverse("recalls"))
    same = text(other, page(recall))
    for words in ("1 张卡，1 个人", card.identifier, "周六来补打", "同意，撤回这些卡"):
        assert words in same
    assert Revocation.objects.count() == 0
    other.post(step(recall), {"do": "agree"})
    assert "再找一遍后来签发的" in text(other, page(recall))
    work(recall)

    done = text(desk, page(recall))
    for words in ("撤回了 1 张", "要另外告诉的：1 人", "林㑇", "请打电话或写信", "批量撤回做完了"):
        assert words in done
    assert "打印全部" not in done
    assert Revocation.objects.get().card_id == card.id
    entry = AuditEntry.objects.get(action="saw-on-recall")
    assert (entry.subject, entry.object) == (card.person_id, f"trust.card:{card.id}")
    text(desk, page(recall))
    assert AuditEntry.objects.filter(action="saw-on-recall").count() == 1  # once in ten minutes


def test_a_lost_key_over_a_new_card_in_the_wallet_to_paper(world, desk, other, officer, make, lose):
    on_screen, on_paper, child = make("林桥"), make("苏𠅤"), make("林㑇")
    holder = world.client(world.resident(on_screen.person))
    world.guardian(child.person, on_screen.person)
    old = lose()
    form = text(desk, f"{reverse('recall-new')}?reason=key-lost")
    assert old in form
    assert "3 张还算数" in form
    recall = begun(desk, reason="key-lost", kid=old)
    work(recall)
    desk.post(step(recall), {"do": "ask"})
    other.post(step(recall), {"do": "agree"})
    work(recall)
    done = text(desk, page(recall))
    for words in ("再签了 3 张", "要另外告诉的：1 人", "苏𠅤", "打印全部 1 张"):
        assert words in done
    assert "林桥" not in done  # reads it on a screen
    assert "林㑇" not in done  # and so does whoever acts for the child

    sheet = text(desk, reverse("recall-print", args=[recall.id]))
    made = Card.objects.get(replaces=on_paper)
    assert "苏𠅤" in sheet
    assert AuditEntry.objects.get(action="printed").object == f"trust.card:{made.id}"
    mine = Card.objects.get(replaces=on_screen)
    shown = text(holder, reverse("wallet-person", args=[on_screen.person_id]))
    assert reverse("card", args=[mine.id]) in shown
    inbox = text(holder, reverse("messages"))
    for one in (on_screen, child):
        new = Card.objects.get(replaces=one)
        assert new.identifier in inbox
        assert reverse("card", args=[new.id]) in inbox
    assert "内容没有变" in inbox


def test_whom_a_guardian_is_not_told_of_is_told_on_paper(world, desk, officer, second, clerk, lose):
    sixteen = (world.now - timedelta(days=17 * 366)).date().isoformat()
    young = world.person("林㑇", birth=sixteen)
    parent = world.person("林桥")
    world.resident(parent)
    world.guardian(young, parent)
    world.card(young, by=clerk, pack="occupational-health")
    recall = work(actions.begin(key(lose()), by=officer, now=world.now))
    assert "其中 1 个人没有账号" in text(desk, page(recall))
    actions.ask(recall.id, by=officer, now=world.now)
    work(actions.agree(recall.id, by=second, now=world.now))
    assert "要另外告诉的：1 人" in text(desk, page(recall))


def test_the_withdrawn_card_says_the_note_in_the_readers_language(world, officer, second, make):
    card = make()
    work(agreed(world, officer, second, batch(note_en="Come on Saturday")))
    holder = world.client(world.resident(card.person))
    shown = text(holder, reverse("card", args=[card.id]))
    assert "请来补打" in shown
    assert "Come on Saturday" not in shown
    holder.cookies["huxin_lang"] = "en"
    shown = text(holder, reverse("card", args=[card.id]))
    assert "Come on Saturday" in shown
    assert "请来补打" not in shown


def test_what_was_withdrawn_since_is_not_printed(world, desk, officer, second, make, lose):
    make("甲")
    make("乙")
    recall = work(agreed(world, officer, second, key(lose())))
    gone = Card.objects.exclude(replaces=None).order_by("id").first()
    assert gone is not None
    revoke.revoke(gone, "lost", "", by=officer, now=world.now)
    assert "打印全部 1 张" in text(desk, page(recall))
    assert "甲" not in text(desk, reverse("recall-print", args=[recall.id]))
    nothing = desk.get(f"{reverse('recall-print', args=[recall.id])}?from=100")
    assert nothing["Location"] == page(recall)
    assert desk.get(f"{reverse('recall-print', args=[recall.id])}?from=-1").status_code == 200


def test_many_names_stand_on_several_pages(world, desk, officer, second, make, lose, monkeypatch):
    monkeypatch.setattr(queries, "A_PAGE", 2)
    for name in ("甲", "乙", "丙"):
        make(name)
    recall = work(agreed(world, officer, second, key(lose())))
    first = text(desk, page(recall))
    assert "打印第 1–2 张" in first
    assert "打印第 3–3 张" in first
    assert "丙" not in first
    last = text(desk, f"{page(recall)}?page=1")
    assert "丙" in last
    assert "前一页" in last
    assert "甲" in text(desk, f"{page(recall)}?page=x")
    assert "丙" in text(desk, f"{reverse('recall-print', args=[recall.id])}?from=2")


def test_days_beyond_a_fortnight_are_one_line(world, officer, make):
    for days in range(queries._DAYS + 3):
        world.now -= timedelta(days=days and 1)
        make()
    found = queries.preview(work(actions.begin(batch(), by=officer, now=world.now)), now=world.now)
    assert (len(found.lines), found.earlier, found.cards) == (queries._DAYS, 3, queries._DAYS + 3)
    assert len(found.first) == 5


def test_a_colleague_declines_with_a_reason_and_the_first_reads_it(
    world, desk, other, officer, make
):
    make()
    recall = asked(world, officer, batch())
    empty = other.post(step(recall), {"do": "decline", "why": " "})
    assert empty.status_code == 422
    assert "有 1 处要改" in empty.content.decode()
    assert other.post(step(recall), {"do": "decline", "why": "批号写错了"})["Location"] == reverse("recalls")  # fmt: skip
    assert "批号写错了" in text(desk, page(recall))
    late = other.post(step(recall), {"do": "decline", "why": "还是不对"}, follow=True)
    assert "这一步现在不能做" in late.content.decode()
    assert Revocation.objects.count() == 0


def test_nobody_agrees_to_their_own_and_a_colleague_drops_nothing(
    world, desk, other, officer, make
):
    make()
    recall = asked(world, officer, batch())
    shown = text(desk, page(recall))
    assert "同意，撤回这些卡" not in shown
    assert "您请求的，要由另一位同事同意" in shown
    assert (
        "不能由自己同意" in desk.post(step(recall), {"do": "agree"}, follow=True).content.decode()
    )
    other.post(step(recall), {"do": "drop"})
    other.post(step(recall), {"do": "no such step"})
    recall.refresh_from_db()
    assert recall.state == "waiting"
    desk.post(step(recall), {"do": "drop"})
    assert "放弃了" in text(other, page(recall))


def test_a_sign_in_long_ago_is_asked_for_again_and_the_reason_typed_is_kept(
    world, second, other, officer, make
):
    make()
    recall = asked(world, officer, batch())
    session = other.session
    session["huxin_fresh_at"] = 0
    session.save()
    sent = {"do": "decline", "why": "写到一半", FIELD: ticket_for(second.user)}
    assert "/accounts/" in other.post(step(recall), sent)["Location"]
    again = world.client(world.user(second))
    assert again.get(step(recall))["Location"] == page(recall)
    assert "写到一半" in text(again, page(recall))
    again.post(step(recall), {"do": "decline", "why": "写完了"})
    assert Draft.objects.count() == 0


def test_a_session_that_ended_loses_nothing_of_the_form(world, clerk, make, lose):
    make()
    stranger, kid = world.client(), lose()
    day = {"first_day_year": "2026", "first_day_month": "3", "first_day_day": "1"}
    sent = typed(reason="key-lost", kid=kid, **day) | {FIELD: ticket_for(clerk.id)}
    assert "/accounts/login/" in stranger.post(reverse("recall-new"), sent)["Location"]
    desk = world.client(clerk)
    shown = text(desk, reverse("recall-new"))
    for kept in ("周六来补打", 'value="2026"', "checked"):
        assert kept in shown
    assert desk.post(reverse("recall-new"), sent).status_code == 302
    assert Draft.objects.count() == 0


def test_another_desk_sees_no_such_recall_and_a_clinician_may_not(world, officer, make):
    make()
    recall = asked(world, officer, batch())
    elsewhere = world.client(world.staff(Role.CLERK, at=world.elsewhere))
    for address in (page(recall), step(recall), reverse("recall-print", args=[recall.id])):
        assert elsewhere.get(address).status_code == 404
    assert elsewhere.post(step(recall), {"do": "agree"}).status_code == 404
    assert page(recall) not in text(elsewhere, reverse("recalls"))
    assert world.client(world.staff(Role.CLINICIAN)).get(page(recall)).status_code == 403


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"batch": " "}, "这一项要填"),
        ({"what": "hospital-visitor"}, "请从列出的里面选"),
        ({"batch": "x" * 41}, "最多 40 个字"),
        ({"note_en": "x" * 301}, "最多 300 个字"),
        ({"reason": "key-lost"}, "这一项要填"),
        ({"reason": "key-lost", "first_day_year": "2026", "first_day_month": "3", "first_day_day": "2",
          "last_day_year": "2026", "last_day_month": "3", "last_day_day": "1"}, "最后一天早于第一天"),
        ({"reason": "key-lost", "first_day_year": "26"}, "这不是一个日期"),
        ({"reason": "key-lost", "last_day_year": "9999", "last_day_month": "12", "last_day_day": "31"}, "这不是一个日期"),
    ],
    ids=["no number", "no such pack", "a long number", "a long note", "no key", "days in disorder", "no day",
         "past the calendar"],
)  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_stays(desk, make, lose, more, said):
    make()
    lose()
    answer = desk.post(reverse("recall-new"), typed(**more))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "周六来补打" in answer.content.decode()
    assert Recall.objects.count() == 0


def test_without_another_key_and_without_a_card_the_pages_say_what_to_do(desk, make):
    make(batch="other")
    assert "没有别的密钥签过的卡" in text(desk, f"{reverse('recall-new')}?reason=key-lost")
    recall = begun(desk)
    work(recall)
    shown = text(desk, page(recall))
    assert "没有这样的卡" in shown
    assert "请同事看" not in shown
    assert "没有卡" not in shown
    assert "缺少必填的一项" in desk.post(step(recall), {"do": "ask"}, follow=True).content.decode()


def test_a_key_that_came_back_is_refused_in_words(desk, make, lose, monkeypatch):
    make()
    before, old = signing.signer, lose()
    keys = [queries.Key(old, 1, Card.objects.get().last_day, Card.objects.get().last_day)]
    monkeypatch.setattr(queries, "keys_here", lambda **_: keys)
    monkeypatch.setattr(signing, "signer", before)
    answer = desk.post(reverse("recall-new"), typed(reason="key-lost", kid=old))
    assert answer.status_code == 409
    assert "还用这把密钥签发" in answer.content.decode()
    assert Recall.objects.count() == 0


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("key-lost", "后台还拿着丢了的密钥"),
        ("key-file", "没有可用的签发密钥"),
        ("", "停下十分钟了"),
    ],
)
def test_a_job_that_stands_still_is_said_and_goes_on(
    world, desk, officer, second, make, fault, said
):
    make()
    recall = agreed(world, officer, second, batch())
    work(recall)
    stale = world.now - timedelta(minutes=11)
    Recall.objects.filter(id=recall.id).update(state="running", fault=fault, moved_at=stale)
    shown = text(desk, page(recall))
    assert said in shown
    assert "做了 1 / 1 张" in shown
    assert "data-follow" not in shown
    desk.post(step(recall), {"do": "resume"})
    assert "撤回了 1 张" in text(desk, page(work(recall)))


def test_what_could_not_be_signed_anew_is_listed_with_its_reason(
    world, desk, officer, second, make, lose
):
    stays, gone = make("甲"), make("乙")
    recall = agreed(world, officer, second, key(lose(domains=("icvp",))))
    revoke.revoke(gone, "lost", "", by=officer, now=world.now)
    work(recall)
    shown = text(desk, page(recall))
    assert "1 张没有签成，旧卡还算数" in shown
    assert "1 张之前就撤回了" in shown
    assert stays.identifier in shown
    assert "这个节点的密钥不签这种卡" in shown
    assert "没有：每一位都有人在屏幕上看到" in shown
    assert Message.objects.filter(kind="card-reissued").count() == 0


def test_a_pack_that_was_taken_out_is_called_by_its_code(world, desk, officer, make):
    card = make()
    recall = asked(world, officer, batch(choice="mmr"))
    assert "麻腮风" in text(desk, page(recall))
    Recall.objects.update(pack="gone-pack")
    Card.objects.filter(id=card.id).update(pack="gone-pack")
    assert "gone-pack" in text(desk, page(recall))


def test_the_pages_speak_english(world, desk, other, make, lose):
    make("林㑇")
    desk.cookies["huxin_lang"] = other.cookies["huxin_lang"] = "en"
    assert "None so far" in text(desk, reverse("recalls"))
    old = lose()
    assert "Nothing waits for you" in text(desk, reverse("recalls"))
    assert "cards that count 1, issued" in text(desk, f"{reverse('recall-new')}?reason=key-lost")
    recall = begun(desk, reason="key-lost", kid=old, note_en="Come on Saturday")
    assert "Looking for cards" in text(desk, page(recall))
    work(recall)
    assert "Cards: 1. People: 1." in text(desk, page(recall))
    desk.post(step(recall), {"do": "ask"})
    assert "Agree: end these cards" in text(other, page(recall))
    other.post(step(recall), {"do": "agree"})
    work(recall)
    for words in (
        "Signed anew, the old one withdrawn: 1",
        "To be told another way: 1",
        "Print all 1",
    ):
        assert words in text(desk, page(recall))
