"""Whose cards open for whom, what the pages say, and what the trail keeps of it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from huxin.node.base.models import AuditEntry
from huxin.node.base.permissions import Role
from huxin.node.trust.models import Revocation
from huxin.trust import qr
from tests.lib.confidence import confide

PAGES = ("card", "card-about", "card-print", "card-pdf", "card-picture")


def _status(world, user, name, *args):
    return world.client(user).get(reverse(name, args=args)).status_code


@pytest.mark.parametrize("page", PAGES)
def test_a_card_opens_for_its_person_and_leaves_no_trace(world, scene, page):
    before = AuditEntry.objects.count()
    assert _status(world, scene.own, page, scene.card.id) == 200
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("page", PAGES)
def test_who_may_act_for_the_person_opens_it_and_the_person_can_see_that(world, scene, page):
    assert _status(world, scene.guardian, page, scene.card.id) == 200
    entry = AuditEntry.objects.get(subject=scene.child.id, actor=scene.guardian.id)
    assert (entry.action in ("opened-card", "printed"), entry.purpose) == (True, "help")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["stranger", "ended", "expired"])
def test_to_all_others_there_is_no_such_card_and_the_try_is_recorded(world, scene, page, who):
    user = scene.stranger if who == "stranger" else scene.guardian
    if who == "ended":
        scene.proxy.ended_at = world.now
    if who == "expired":
        scene.proxy.begins = world.now - timedelta(days=2)
        scene.proxy.ends = world.now - timedelta(days=1)
    scene.proxy.save()
    assert _status(world, user, page, scene.card.id) == 404
    entry = AuditEntry.objects.get(action="refused-object")
    assert (entry.subject, entry.actor) == (scene.child.id, user.id)


def test_a_desk_prints_its_own_cards_and_does_not_show_them_as_a_person_does(world, scene):
    other_desk = world.staff(Role.CLERK, at=world.elsewhere)
    assert _status(world, scene.clerk, "card", scene.card.id) == 403
    for page in ("card-print", "card-pdf", "card-picture"):
        assert _status(world, scene.clerk, page, scene.card.id) == 200
        assert _status(world, other_desk, page, scene.card.id) == 404
    printed = AuditEntry.objects.filter(action="printed", actor=scene.clerk.id)
    assert {(one.purpose, one.detail["form"]) for one in printed} == {
        ("issue", "paper"), ("issue", "sheet"), ("issue", "picture"),
    }  # fmt: skip


@pytest.mark.parametrize("page", ["wallet", *PAGES])
def test_nobody_is_sent_to_sign_in(world, scene, page):
    args = () if page == "wallet" else (scene.card.id,)
    answer = world.client().get(reverse(page, args=args))
    assert (answer.status_code, "/accounts/login/" in answer["Location"]) == (302, True)


def test_a_card_that_does_not_exist_is_no_page_and_no_entry(world, scene):
    before = AuditEntry.objects.count()
    assert _status(world, scene.own, "card", scene.child.id) == 404
    assert AuditEntry.objects.count() == before


def test_the_wallet_of_another_opens_for_who_may_act_for_them_only(world, scene):
    place = reverse("wallet-person", args=[scene.child.id])
    page = world.client(scene.guardian).get(place).content.decode()
    assert reverse("card", args=[scene.card.id]) in page
    assert AuditEntry.objects.filter(action="opened-wallet", subject=scene.child.id).count() == 1
    for user in (scene.stranger,):
        assert world.client(user).get(place).status_code == 404
    assert world.client(scene.clerk).get(place).status_code == 403


def test_an_empty_wallet_says_how_to_get_a_card(world, scene):
    page = world.client(scene.guardian).get(reverse("wallet")).content.decode()
    assert "任何服务窗口都能办" in page
    assert reverse("wallet-person", args=[scene.child.id]) in page


def test_withdrawn_and_ended_cards_are_folded_with_plain_words(world, scene):
    Revocation.objects.create(
        card=scene.card, reason="lost", note="", by=scene.clerk.id, at=world.now
    )
    ended = world.card(scene.child, by=scene.clerk)
    type(ended).objects.filter(id=ended.id).update(last_day=world.now.date() - timedelta(days=3))
    fresh = world.card(scene.child, by=scene.clerk)
    page = world.client(scene.own).get(reverse("wallet")).content.decode()
    above, _, folded = page.partition("以前的卡（2）")
    assert str(fresh.id) in above
    assert str(fresh.id) not in folded
    assert "这张卡报了丢失" in folded
    assert "已到期" in folded
    assert not re.search("异常|拒绝|黄码|tag--no|红", page)


def test_the_newest_card_comes_first(world, scene):
    world.now += timedelta(minutes=1)
    newer = world.card(scene.child, by=scene.clerk)
    page = world.client(scene.own).get(reverse("wallet")).content.decode()
    assert page.index(str(newer.id)) < page.index(str(scene.card.id))


def test_elder_mode_has_large_buttons_for_what_there_is(world, scene):
    client = world.client(scene.own)
    client.cookies["huxin_elder"] = "1"
    page = client.get(reverse("wallet")).content.decode()
    buttons = re.findall(r'<nav class="actions actions--even".*?</nav>', page, re.DOTALL)[0]
    assert [word in buttons for word in ("亮码", "打印纸质卡")] == [True] * 2


@pytest.mark.parametrize("elder", ["0", "1"])
@pytest.mark.parametrize("who", ["own", "guardian"])
def test_no_link_of_the_wallet_leads_nowhere(world, scene, who, elder):
    client = world.client(getattr(scene, who))
    client.cookies["huxin_elder"] = elder
    places = [reverse("wallet")]
    places += [reverse(name, args=[scene.card.id]) for name in ("card", "card-about")]
    for place in places:
        assert 'href=""' not in client.get(place).content.decode()


@pytest.mark.parametrize("page", ["card", "card-about", "card-print"])
def test_a_shown_card_needs_nothing_from_elsewhere(world, scene, page):
    text = world.client(scene.own).get(reverse(page, args=[scene.card.id])).content.decode()
    loaded = re.findall(r'<(?:img|script|link|iframe|source)[^>]*?(?:src|href)="([^"]+)"', text)
    assert all(one.startswith(("/static/", "data:image/")) for one in loaded), loaded
    assert "http-equiv" not in text
    scripts = [one for one in loaded if one.endswith(".js")]
    assert len(scripts) == {"card": 2, "card-about": 0, "card-print": 1}[page]


def test_the_modules_of_a_shown_card_speak_to_no_network(root):
    for name in ("awake.js", "copy-picture.js", "print.js"):
        text = (root / "src/huxin/node/base/static/huxin" / name).read_text("utf-8")
        assert not re.search(r"fetch\(|XMLHttp|WebSocket|EventSource|sendBeacon|import ", text)


def test_the_code_on_the_page_the_picture_and_the_paper_is_the_card(world, scene):
    client = world.client(scene.own)
    saved = client.get(reverse("card-picture", args=[scene.card.id]))
    assert saved["Content-Type"] == "image/png"
    assert qr.read(saved.content) == (scene.card.text,)
    page = client.get(reverse("card", args=[scene.card.id])).content.decode()
    assert qr.svg(scene.card.text, title="x").split("</title>")[1] in page
    file = client.get(reverse("card-pdf", args=[scene.card.id]))
    assert file.content.startswith(b"%PDF")
    assert "林" not in file["Content-Disposition"]


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("返回", "林㑇", "LIN ZHOU", "2020 年生", "麻腮风疫苗", "扫这个码")),
        ("en", ("Back", "林㑇", "born 2020", "Measles", "Whoever scans this reads")),
    ],
)
def test_the_sheet_carries_both_languages_and_says_specimen(world, scene, lang, words):
    client = world.client(scene.own)
    client.cookies["huxin_lang"] = lang
    page = client.get(reverse("card-print", args=[scene.card.id])).content.decode()
    assert [word for word in words if word not in page] == []
    assert page.count("SPECIMEN") >= 2
    assert scene.card.identifier in page


def test_a_withdrawn_card_is_shown_to_its_person_and_printed_by_nobody(world, scene):
    Revocation.objects.create(
        card=scene.card, reason="wrong-facts", note="", by=scene.clerk.id, at=world.now
    )
    page = world.client(scene.own).get(reverse("card", args=[scene.card.id])).content.decode()
    assert "卡上有内容要更正" in page
    assert reverse("card-print", args=[scene.card.id]) not in page
    assert _status(world, scene.own, "card-print", scene.card.id) == 404


def test_what_a_card_says_is_listed_field_by_field(world, scene):
    client = world.client(scene.own)
    client.cookies["huxin_lang"] = "en"
    page = client.get(reverse("card-about", args=[scene.card.id])).content.decode()
    scan = re.findall(r'id="scan".*?</section>', page, re.DOTALL)[0]
    listed = re.findall(r"<li[^>]*>(.*?)</li>", scan)
    assert listed == [
        *("Name", "Latin name", "Birth date", "Vaccine", "Dose", "Doses in the series"),
        "Date given",
    ]
    assert "Not that you are healthy" in page


def test_a_guardian_does_not_see_what_is_kept_from_them_at_the_childs_age(
    world, scene, monkeypatch
):
    confide(monkeypatch)
    wallet = reverse("wallet-person", args=[scene.child.id])
    assert str(scene.card.id) not in world.client(scene.guardian).get(wallet).content.decode()
    assert _status(world, scene.guardian, "card", scene.card.id) == 404
    assert _status(world, scene.own, "card", scene.card.id) == 200


def test_an_old_address_of_a_replaced_card_leads_to_the_new_one(world, scene):
    newer = world.card(scene.child, by=scene.clerk, replaces=scene.card)
    page = world.client(scene.own).get(reverse("card", args=[scene.card.id])).content.decode()
    assert reverse("card", args=[newer.id]) in page
    assert "已换新卡" in page
