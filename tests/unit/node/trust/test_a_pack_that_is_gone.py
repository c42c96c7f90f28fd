"""A pack was taken out, or can no longer be read: what was made of it is shown, and the rest goes on."""

import html
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse

from huxin.kernel.errors import RefusalError
from huxin.node.base import notices
from huxin.node.base.local_day import local_day
from huxin.node.base.models import Message
from huxin.node.base.permissions import Role
from huxin.node.clinic.models import Record
from huxin.node.clinic.queries.said import recorded_rows
from huxin.node.trust.actions import approve, keep_cards, sheet_sign, sheets
from huxin.node.trust.models import Card, IssueRequest, Report, SessionSheet
from huxin.node.trust.queries import cards

GONE = "pool-visit"
CARD_PAGES = ("card", "card-about", "card-print", "card-pdf", "card-picture", "card-report")
DESK_PAGES = ("desk", "desk-person", "desk-card", "card-print", "sheets", "sheet", "sheet-sign", "sheet-print", "sheet-pdf", "desk-approvals", "desk-wish", "desk-reports", "desk-report", "desk-card-withdraw")  # fmt: skip


@pytest.fixture
def scene(world):
    clerk, second = world.staff(Role.CLERK), world.staff(Role.CLERK)
    child = world.person("林㑇", birth="2020-03-18", latin="LIN ZHOU")
    mother = world.person("林若", birth="1990-01-02")
    world.guardian(child, mother)
    gone, kept = world.card(child, by=clerk), world.card(child, by=clerk)
    wish = world.wish(child, by=clerk)
    sheet = world.sheet("林㑇", by=clerk)
    row = sheet.rows.get()
    sheets.tick(sheet, {row.id: True}, by=world.actor(clerk), now=world.now)
    report = Report.objects.create(card=gone, text="错", at=world.now, by=clerk.id)
    Card.objects.filter(id=gone.id).update(pack=GONE)
    SessionSheet.objects.update(pack=GONE)
    IssueRequest.objects.update(pack=GONE)
    return SimpleNamespace(
        clerk=clerk, second=second, child=child, gone=gone, kept=kept, wish=wish, sheet=sheet,
        row=row, report=report, own=world.resident(child), guardian=world.resident(mother),
    )  # fmt: skip


def said(answer):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def place(scene, page):
    keys = {
        "desk-person": scene.child.id,
        "desk-wish": scene.wish.id,
        "desk-report": scene.report.id,
    } | dict.fromkeys(("sheet", "sheet-sign", "sheet-print", "sheet-pdf"), scene.sheet.id)
    if page in ("desk", "sheets", "desk-approvals", "desk-reports", "wallet"):
        return reverse(page)
    return reverse(page, args=[keys.get(page, scene.gone.id)])


@pytest.mark.parametrize("page", DESK_PAGES)
def test_the_desk_goes_on(world, scene, page):
    answer = world.client(scene.clerk).get(place(scene, page))
    assert answer.status_code in (200, 302)  # a sheet without cards has nothing to print


@pytest.mark.parametrize("page", ["wallet", *CARD_PAGES])
def test_the_wallet_goes_on(world, scene, page):
    assert world.client(scene.own).get(place(scene, page)).status_code == 200


def test_a_person_reads_number_dates_and_code_and_why_there_is_no_more(world, scene):
    client = world.client(scene.own)
    shown = client.get(place(scene, "card"))
    assert shown.context["face"].qr
    assert scene.gone.last_day.isoformat() in said(shown)
    assert "这个节点没有装能读它的场景包" in said(shown)
    about = said(client.get(place(scene, "card-about")))
    assert scene.gone.identifier in about
    assert local_day(scene.gone.issued_at).isoformat() in about
    listed = said(client.get(reverse("wallet")))
    assert "pool-visit（它的场景包没有装在这个节点上）" in listed
    assert scene.kept.last_day.isoformat() in listed


def test_it_is_kept_on_a_phone_and_asked_about_before_a_journey(world, scene):
    world.rules("school-entry")
    kept = keep_cards.hand_out(by=world.actor(scene.own), now=world.now)
    (owner,) = kept["owners"]
    assert [one["kind"]["en"] for one in owner["cards"]].count(
        "pool-visit (its pack is not installed on this node)"
    ) == 1
    assert all(one["code"] for one in owner["cards"])
    page = world.client(scene.own).get(reverse("journey"))
    assert page.status_code == 200
    assert GONE in said(page)


def test_the_code_is_the_one_that_was_signed(scene):
    scene.gone.refresh_from_db()
    made = cards.printable(scene.gone)
    assert (made.credential.text, made.identifier) == (scene.gone.text, scene.gone.identifier)
    assert made.facts.person.name.shown == "林㑇"
    assert made.last_day == scene.gone.last_day


def test_a_minimal_card_of_it_is_printed_too(world, scene):
    until = (world.now.date() + timedelta(days=90)).isoformat()
    card = world.card(scene.child, by=scene.clerk, minimal=True, cells={"complete_until": until})
    Card.objects.filter(id=card.id).update(pack=GONE)
    for page in ("card-print", "card-pdf"):
        answer = world.client(scene.own).get(reverse(page, args=[card.id]))
        assert answer.status_code == 200


def test_a_card_that_a_newer_pack_reads_no_more_is_shown_all_the_same(world, scene):
    kept = Card.objects.get(id=scene.kept.id)
    kept.cells = {**kept.cells, "vaccine": "a word that left the list"}
    kept.save()
    answer = world.client(scene.own).get(reverse("card", args=[kept.id]))
    assert "没有装能读它的场景包" in said(answer)


def test_nothing_new_is_signed_of_it(world, scene):
    by = world.actor(scene.second)
    with pytest.raises(RefusalError) as caught:
        approve.approve(scene.wish.id, by=by, now=world.now)
    assert caught.value.refusal.code == "pack"
    with pytest.raises(RefusalError) as caught:
        sheet_sign.sign_sheet(scene.sheet, [scene.row.id], by=by, now=world.now)
    assert caught.value.refusal.code == "pack"
    IssueRequest.objects.update(approved=False, decided_by=scene.second.id)
    again = world.client(scene.clerk).post(reverse("desk-wish-again", args=[scene.wish.id]))
    assert again.status_code == 404


def test_the_cards_of_a_pack_that_cannot_say_what_it_keeps_are_kept_from_who_acts_for_a_child(
    world, scene
):
    about = {"person": scene.child, "kind": "card-recalled", "blanks": {}, "at": world.now}
    Message.objects.create(**about, pack=GONE)
    told = Message.objects.create(**about, pack="school-entry")
    mother = world.client(scene.guardian)
    assert mother.get(place(scene, "card")).status_code == 404
    listed = said(mother.get(reverse("wallet-person", args=[scene.child.id])))
    assert GONE not in listed
    assert scene.kept.last_day.isoformat() in listed
    assert mother.get(reverse("card", args=[scene.kept.id])).status_code == 200
    assert list(notices.inbox(by=world.actor(scene.guardian), now=world.now)) == [told]
    trail = mother.get(reverse("access-log-person", args=[scene.child.id]))
    assert GONE not in said(trail)


def test_a_record_at_a_visit_of_it_is_not_in_the_way(world, scene):
    record = Record(pack=GONE, cells={"vaccine": "mmr"}, recorded_at=world.now)
    assert recorded_rows(record) == []
