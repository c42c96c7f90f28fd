import dataclasses
import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import override_settings
from django.urls import reverse

from huxin.node.base.models import AuditEntry, Person
from huxin.node.base.permissions import Role
from huxin.node.trust.actions import approve, revoke
from huxin.node.trust.actions.sheet_sign import sign_sheet
from huxin.node.trust.actions.sheets import NewSheet, open_sheet, tick
from huxin.node.trust.forms.sheet_names import cells_of
from huxin.node.trust.models import Card, IssueRequest, SheetRow
from huxin.packs import reader
from huxin.packs.entries import Entry, read_entry


@pytest.fixture
def clerk(world):
    return world.staff(Role.CLERK)


@pytest.fixture
def desk(world, clerk):
    return world.client(clerk)


@pytest.fixture
def sheet(world, clerk):
    return world.sheet("林㑇", "顾小舟", "贺兰", by=clerk)


def rows(sheet):
    return list(sheet.rows.order_by("position"))


def ticked(sheet):
    return [row.cells["name"] for row in rows(sheet) if row.ticked_at]


def save(desk, sheet, *, was=(), now=(), **more):
    """What the form sends without a script."""
    sent = {
        "shown": [row.id for row in rows(sheet)],
        "was": [row.id for row in was],
        "ticked": [row.id for row in now],
    }
    return desk.post(reverse("sheet", args=[sheet.id]), sent | more)


def send(desk, sheet, row, state):
    """What the script sends."""
    return desk.post(reverse("sheet-tick", args=[sheet.id]), {"row": row.id, "state": state})


def sign(desk, sheet):
    page = desk.get(reverse("sheet-sign", args=[sheet.id]))
    sent = [line.row.id for line in page.context["ready"]]
    return desk.post(reverse("sheet-sign", args=[sheet.id]), {"row": sent})


def text(desk, sheet, name="sheet"):
    return desk.get(reverse(name, args=[sheet.id])).content.decode()


def limited(daily):
    return override_settings(HUXIN=dataclasses.replace(settings.HUXIN, daily=daily))


def test_one_form_ticks_without_a_script_and_takes_back(desk, sheet):
    first, second, _ = rows(sheet)
    save(desk, sheet, now=[first, second])
    assert ticked(sheet) == ["林㑇", "顾小舟"]
    save(desk, sheet, was=[first, second], now=[second])
    assert ticked(sheet) == ["顾小舟"]
    done = AuditEntry.objects.filter(action__in=["ticked", "unticked"])
    assert sorted(done.values_list("action", flat=True)) == ["ticked", "ticked", "unticked"]


def test_the_form_of_one_clerk_leaves_the_ticks_of_another(world, desk, sheet):
    other = world.client(world.staff(Role.CLERK))
    first, second, _ = rows(sheet)
    save(other, sheet, now=[first])
    save(desk, sheet, now=[second])
    assert ticked(sheet) == ["林㑇", "顾小舟"]


def test_a_tick_that_is_sent_twice_stands_once(desk, sheet):
    first = rows(sheet)[0]
    answers = [send(desk, sheet, first, "1").json() for _ in range(2)]
    assert answers == [{"ticked": [str(first.id)]}] * 2
    assert AuditEntry.objects.filter(action="ticked").count() == 1
    assert send(desk, sheet, first, "0").json() == {"ticked": []}
    assert desk.post(reverse("sheet-tick", args=[sheet.id]), {"row": "x"}).status_code == 400
    strange = {"row": uuid.uuid4(), "state": "1"}
    assert desk.post(reverse("sheet-tick", args=[sheet.id]), strange).status_code == 404


def test_from_ticks_over_the_number_to_cards_and_one_page_of_paper(world, desk, sheet):
    first, second, _ = rows(sheet)
    to_sign = save(desk, sheet, now=[first, second], do="sign")
    assert to_sign["Location"] == reverse("sheet-sign", args=[sheet.id])
    assert "签发 2 张" in text(desk, sheet, "sheet-sign")
    assert Card.objects.count() == 0
    sign(desk, sheet)
    assert [row.card is not None for row in rows(sheet)] == [True, True, False]
    assert {card.cells["batch"] for card in Card.objects.all()} == {"0042"}
    assert (
        sorted(Person.objects.values_list("registrations__organisation", flat=True))
        == [world.centre.id] * 2
    )
    page = text(desk, sheet, "sheet-print")
    assert page.count("<article") == 2
    assert "打印" in page
    assert "SPECIMEN" in page
    desk.cookies["huxin_lang"] = "en"
    assert "Back" in text(desk, sheet, "sheet-print")
    assert AuditEntry.objects.filter(action="printed").count() == 4


def test_signing_twice_makes_one_card_a_row(desk, sheet):
    first, second, third = rows(sheet)
    save(desk, sheet, now=[first, second, third])
    sent = {"row": [row.id for row in rows(sheet)]}
    for _ in range(2):
        desk.post(reverse("sheet-sign", args=[sheet.id]), sent)
    assert Card.objects.count() == 3
    assert Person.objects.count() == 3


def test_only_what_the_page_showed_is_signed(world, desk, sheet):
    first, second, _ = rows(sheet)
    save(desk, sheet, now=[first])
    page = desk.get(reverse("sheet-sign", args=[sheet.id]))
    save(desk, sheet, now=[second])
    shown = [line.row.id for line in page.context["ready"]]
    desk.post(reverse("sheet-sign", args=[sheet.id]), {"row": [*shown, "x"]})
    assert [row.card is not None for row in rows(sheet)] == [True, False, False]


def test_a_tick_stays_once_its_card_is_signed(desk, sheet):
    first = rows(sheet)[0]
    save(desk, sheet, now=[first])
    sign(desk, sheet)
    answer = send(desk, sheet, first, "0")
    assert answer.status_code == 409
    assert "撤回" in answer.json()["said"]
    save(desk, sheet, was=[first])
    assert ticked(sheet) == ["林㑇"]
    assert (
        "没有要签的"
        in desk.get(reverse("sheet-sign", args=[sheet.id]), follow=True).content.decode()
    )


def test_past_the_daily_limit_rows_wait_and_an_approval_shows_on_the_sheet(world, desk, sheet):
    save(desk, sheet, now=rows(sheet))
    with limited(1):
        assert "今天还能签 1 张；其余 2 张" in text(desk, sheet, "sheet-sign")
        sign(desk, sheet)
        desk.post(reverse("sheet-sign", args=[sheet.id]), {"row": [row.id for row in rows(sheet)]})
    assert (Card.objects.count(), IssueRequest.objects.count()) == (1, 2)
    assert "等同事复核" in text(desk, sheet)
    assert send(desk, sheet, rows(sheet)[2], "0").status_code == 409
    other = world.actor(world.staff(Role.CLERK))
    wishes = list(IssueRequest.objects.order_by("asked_at", "id"))
    approve.approve(wishes[0].id, by=other, now=world.now)
    approve.decline(wishes[1].id, "no", by=other, now=world.now)
    assert text(desk, sheet, "sheet-print").count("<article") == 2
    assert "同事没有同意" in text(desk, sheet)


def test_a_declined_row_is_asked_anew_once_its_tick_was_taken_back(world, desk, clerk, sheet):
    first = rows(sheet)[0]
    save(desk, sheet, now=[first])
    with limited(0):
        sign(desk, sheet)
    wish = IssueRequest.objects.get()
    approve.decline(wish.id, "no", by=world.actor(world.staff(Role.CLERK)), now=world.now)
    send(desk, sheet, first, "0")
    send(desk, sheet, first, "1")
    sign(desk, sheet)
    assert Card.objects.count() == 1


def test_a_row_that_cannot_be_signed_says_why_and_stops_nobody(world, clerk, desk, sheet):
    first, second, _ = rows(sheet)
    first.cells |= {"date": (world.now + timedelta(days=40)).date().isoformat()}
    first.save()
    save(desk, sheet, now=[first, second])
    sign(desk, sheet)
    assert [row.card is not None for row in rows(sheet)] == [False, True, False]
    shown = text(desk, sheet)
    assert "没有签：" in shown
    assert "最晚是今天" in shown
    send(desk, sheet, first, "0")
    assert rows(sheet)[0].fault == ""


def test_a_text_too_long_for_a_code_is_told_in_its_row(desk, sheet):
    first, second, _ = rows(sheet)
    # No letter comes twice: what repeats is packed, and would fit.
    letters = [chr(0x4E00 + 37 * n) for n in range(400)]
    for name, longest in (
        ("name", 80),
        ("guardian", 80),
        ("office", 46),
        ("centre", 46),
        ("batch", 30),
    ):
        first.cells[name] = "".join(letters.pop() for _ in range(longest))
    first.cells["latin"] = "LINZHOU QXVBPK " * 5
    first.save()
    save(desk, sheet, now=[first, second])
    sign(desk, sheet)
    first, second, _ = rows(sheet)
    assert first.card is None
    assert first.fault.startswith("|too-long|")
    page = text(desk, sheet)
    assert "没有签：" in page
    assert "内容放不进一个好扫的码" in page
    assert second.card is not None  # one row's fault keeps no other from its card


def test_a_namesake_is_decided_by_the_clerk_before_anything_is_signed(world, clerk, desk):
    known = world.person("林㑇", birth="2020-03-17")
    world.person("顾小舟", birth="1988-01-01")
    sheet = world.sheet("林㑇", "顾小舟", by=clerk)
    first, second = rows(sheet)
    save(desk, sheet, now=[first, second])
    assert "有 2 行还没定是哪一位" in text(desk, sheet, "sheet-sign")
    desk.post(reverse("sheet-sign", args=[sheet.id]), {"row": [first.id, second.id]})
    assert Card.objects.count() == 0
    answers = {f"who-{first.id}": known.id, f"who-{second.id}": "new"}
    save(desk, sheet, was=[first, second], now=[first, second], **answers)
    found = rows(sheet)
    assert found[0].person_id == known.id
    assert found[1].person.birth == "2020-03-18"
    sign(desk, sheet)
    assert Card.objects.count() == 2


def test_nobody_of_another_organisation_is_taken_for_a_namesake(world, clerk, desk):
    world.person("林㑇", birth="2020-03-17")
    stranger = world.person("林㑇", at=world.elsewhere)
    sheet = world.sheet("林㑇", by=clerk)
    (row,) = rows(sheet)
    save(desk, sheet, now=[row], **{f"who-{row.id}": stranger.id})
    assert rows(sheet)[0].person_id is None


def test_whoever_was_registered_meanwhile_is_that_person(world, desk, sheet):
    child = world.person("林㑇")
    save(desk, sheet, now=rows(sheet)[:1])
    sign(desk, sheet)
    assert Card.objects.get().person_id == child.id


def test_looking_at_a_sheet_is_noted_once_with_those_on_it(world, clerk, desk):
    child = world.person("林㑇")
    sheet = world.sheet("林㑇", "顾小舟", by=clerk)
    for _ in range(2):
        text(desk, sheet)
    seen = AuditEntry.objects.filter(action="saw-on-list").values_list("subject", flat=True)
    assert list(seen) == [child.id]


def test_a_closed_sheet_takes_no_ticks_and_opens_again(world, clerk, desk, sheet):
    first = rows(sheet)[0]
    close = reverse("sheet-close", args=[sheet.id])
    for _ in range(2):
        desk.post(close, {"state": "closed"})
    assert "已收起" in text(desk, sheet)
    assert send(desk, sheet, first, "1").status_code == 409
    save(desk, sheet, now=[first])
    assert ticked(sheet) == []
    desk.post(reverse("sheet-sign", args=[sheet.id]), {"row": [first.id]})
    assert "已收起的" in desk.get("/sheets").content.decode()
    desk.post(close, {"state": "open"})
    assert send(desk, sheet, first, "1").status_code == 200
    actions = AuditEntry.objects.filter(action__endswith="-sheet").values_list("action", flat=True)
    assert {"closed-sheet", "reopened-sheet"} <= set(actions)


def test_a_withdrawn_card_is_not_printed_and_an_empty_sheet_says_so(world, clerk, desk, sheet):
    assert (
        "还没有可打印的卡"
        in desk.get(reverse("sheet-print", args=[sheet.id]), follow=True).content.decode()
    )
    save(desk, sheet, now=rows(sheet)[:2])
    sign(desk, sheet)
    card = rows(sheet)[0].card
    revoke.revoke(card, "wrong-facts", "", by=world.actor(clerk), now=world.now)
    page = text(desk, sheet, "sheet-print")
    assert page.count("<article") == 1
    assert "林㑇" not in page


def test_the_pdf_has_all_cards(desk, sheet):
    save(desk, sheet, now=rows(sheet))
    sign(desk, sheet)
    answer = desk.get(reverse("sheet-pdf", args=[sheet.id]))
    assert (answer.status_code == 200 and answer.content.startswith(b"%PDF")) or (
        answer.status_code == 501
    )


@pytest.mark.parametrize("name", ["sheet", "sheet-sign", "sheet-print", "sheet-pdf"])
def test_the_sheet_of_another_organisation_does_not_exist(world, desk, name):
    theirs = world.sheet(by=world.staff(Role.CLERK, at=world.elsewhere))
    assert desk.get(reverse(name, args=[theirs.id])).status_code == 404


def test_a_row_of_another_sheet_is_not_ticked_or_signed(world, clerk, desk, sheet):
    theirs = world.sheet(by=world.staff(Role.CLERK, at=world.elsewhere))
    row = rows(theirs)[0]
    assert send(desk, sheet, row, "1").status_code == 404
    tick(theirs, {row.id: True}, by=world.actor(clerk), now=world.now)
    assert sign_sheet(sheet, [row.id], by=world.actor(clerk), now=world.now).cards == 0
    assert SheetRow.objects.get(id=row.id).card is None


def test_the_list_of_sheets_counts_a_card_that_a_colleague_approved(desk, world, clerk):
    sheet = world.sheet("林㑇", "顾小舟", "贺兰", by=clerk)
    found = rows(sheet)[:2]
    tick(sheet, {row.id: True for row in found}, by=world.actor(clerk), now=world.now)
    node = dataclasses.replace(settings.HUXIN, daily=1)
    with override_settings(HUXIN=node):
        sign_sheet(sheet, [row.id for row in found], by=world.actor(clerk), now=world.now)
    wish = IssueRequest.objects.get()
    approve.approve(wish.id, by=world.actor(world.staff(Role.CLERK)), now=world.now)
    ((listed, _),) = desk.get(reverse("sheets")).context["running"]
    page = desk.get(reverse("sheet", args=[sheet.id])).context
    assert (listed.names, listed.ticks, listed.cards) == (3, 2, 2)
    assert listed.cards == page["signed"]


@pytest.mark.parametrize("pack", reader.pack_ids())
def test_people_of_every_pack_are_signed_from_a_sheet(desk, world, clerk, pack):
    today = world.now.date()
    people = [one.row for one in reader.demo_people(pack, today)]
    found = [read_entry(reader.pack(pack), one, today=today) for one in people]
    cells = [cells_of(one) for one in found if isinstance(one, Entry)]
    new = NewSheet(uuid.uuid4(), pack, pack, {}, cells)
    sheet = open_sheet(new, by=world.actor(clerk), now=world.now)
    save(desk, sheet, now=rows(sheet))
    sign(desk, sheet)
    assert Card.objects.count() == len(people)
    name = people[0].get("name") or people[0]["latin"]
    assert name in text(desk, sheet)
