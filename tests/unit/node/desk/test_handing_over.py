import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from huxin.adapters.paper import press
from huxin.kernel.errors import RefusalError
from huxin.node.base.models import AuditEntry
from huxin.node.base.permissions import Role
from huxin.node.trust.actions import handover
from huxin.node.trust.models import Card, ClaimSlip, Revocation
from huxin.trust import qr


@pytest.fixture
def clerk(world):
    return world.staff(Role.CLERK)


@pytest.fixture
def desk(world, clerk):
    return world.client(clerk)


@pytest.fixture
def card(world, clerk):
    return world.card(world.person("林㑇", latin="LIN ZHOU"), by=clerk)


def place(name, card):
    return reverse(name, args=[card.id])


def test_the_page_shows_the_code_the_person_and_every_way(desk, card):
    page = desk.get(place("desk-card", card) + "?hand=paper").content.decode()
    for part in ("林㑇", "2020 年生", "SPECIMEN", card.identifier, "领取单", "已签发"):
        assert part in page, part


def test_the_picture_reads_back_as_the_card(desk, card):
    answer = desk.get(place("card-picture", card))
    assert answer["Content-Type"] == "image/png"
    assert qr.read(answer.content) == (card.text,)


@pytest.mark.needs("python:typst", "python:noto_cjk_sans_otc")
@pytest.mark.parametrize("layout", ["sheet", "card"])
def test_the_pdf_is_made_in_two_sizes(desk, card, layout):
    answer = desk.get(place("card-pdf", card) + f"?layout={layout}")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert desk.get(place("card-pdf", card) + "?layout=poster").status_code == 404


def test_without_the_press_the_page_says_so_and_offers_the_browser(desk, card, monkeypatch):
    def without(*_, **__):
        raise RefusalError("tool", "typst")

    monkeypatch.setattr(press, "print_cards", without)
    monkeypatch.setattr(press, "is_installed", lambda: False)
    answer = desk.get(place("card-pdf", card))
    assert answer.status_code == 501
    assert "由浏览器排版" in answer.content.decode()
    assert "没有装 PDF 部件" in desk.get(place("desk-card", card)).content.decode()


def test_a_code_too_fine_for_a_small_card_says_so(desk, card, monkeypatch):
    def refuse(*_, **__):
        raise RefusalError("too-long", "the code is too fine for a small card; print a sheet")

    monkeypatch.setattr(press, "print_cards", refuse)
    answer = desk.get(place("card-pdf", card))
    assert answer.status_code == 409
    assert "印不成小卡" in answer.content.decode()


def test_the_print_page_holds_code_details_and_number(desk, card):
    page = desk.get(place("card-print", card)).content.decode()
    for part in ("林㑇", "麻腮风疫苗", card.identifier, "折叠线", "<path"):
        assert part in page, part


def test_each_print_is_written_with_its_form(desk, card, clerk):
    desk.get(place("card-print", card))
    desk.get(place("card-picture", card))
    printed = AuditEntry.objects.filter(subject=card.person_id, action="printed", actor=clerk.id)
    assert sorted(one.detail["form"] for one in printed) == ["paper", "picture"]


def test_a_person_prints_their_own_card_and_nobody_elses(world, card):
    own = world.client(world.resident(card.person))
    other = world.client(world.resident(world.person("苏𠅤")))
    for name in ("card-print", "card-picture"):
        assert own.get(place(name, card)).status_code == 200
        assert other.get(place(name, card)).status_code == 404


def test_a_card_that_was_withdrawn_is_printed_by_nobody(desk, card, clerk, world):
    Revocation.objects.create(card=card, reason="wrong-facts", note="", by=clerk.id, at=world.now)
    assert "已撤回" in desk.get(place("desk-card", card)).content.decode()
    for name in ("card-print", "card-pdf", "card-picture"):
        assert desk.get(place(name, card)).status_code == 404


def test_a_card_that_was_replaced_leads_to_the_new_one(desk, card, clerk, world):
    new = world.card(card.person, by=clerk, replaces=card)
    assert str(new.id) in desk.get(place("desk-card", card)).content.decode()


def test_a_card_whose_time_is_over_offers_a_new_one(desk, card):
    Card.objects.filter(id=card.id).update(last_day="2020-01-01")
    assert "这张卡已到期" in desk.get(place("desk-card", card)).content.decode()
    page = desk.get(reverse("desk-person", args=[card.person_id])).content.decode()
    assert "已到期" in page


def test_a_claim_slip_is_for_seven_days_and_only_its_token_is_kept(world, desk, card):
    wish = uuid.uuid4()
    page = desk.post(reverse("desk-slip", args=[card.person_id]), {"request": str(wish)})
    slip = ClaimSlip.objects.get()
    made = handover.make_slip(
        card.person, request=wish, by=world.actor(world.staff(Role.CLERK)), now=world.now
    )
    first, second = made.code.split("-")
    assert first in page.content.decode()
    assert second in page.content.decode()
    assert slip.ends - slip.made_at == timedelta(days=7)
    assert bytes(slip.code) == handover.claim_token(f" {first.lower()} {second} ")
    assert first.encode() not in bytes(slip.code)
    assert ClaimSlip.objects.count() == 1


def test_letters_that_look_like_digits_count_as_digits():
    assert handover.claim_token("O1L0I-ABCDE") == handover.claim_token("01101abcde")


def test_a_new_slip_ends_the_older_one(world, desk, card):
    for _ in range(2):
        desk.post(reverse("desk-slip", args=[card.person_id]), {"request": str(uuid.uuid4())})
    ends = sorted(ClaimSlip.objects.values_list("ends", flat=True))
    assert ends[0] < ends[1] - timedelta(days=6)


def test_a_slip_without_a_form_is_none(desk, card):
    answer = desk.post(reverse("desk-slip", args=[card.person_id]), {"request": "mine"})
    assert answer.status_code == 404
    assert ClaimSlip.objects.count() == 0


@pytest.mark.parametrize("change", [{"used_at": True}, {"ends": True}, {"attempts": 5}])
def test_a_slip_that_is_of_no_use_is_not_shown_again(world, desk, card, change):
    asked = reverse("desk-slip", args=[card.person_id]), {"request": str(uuid.uuid4())}
    first = desk.post(*asked).content.decode()
    ClaimSlip.objects.update(**{key: world.now if one is True else one for key, one in change.items()})  # fmt: skip
    answer = desk.post(*asked)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "这张单子不能用了" in text
    code = first.split('<p class="code-block"')[1].split(">")[1].split("<")[0]
    assert len(code) == 5
    assert code not in text
    assert ClaimSlip.objects.count() == 1
