"""Notices: what a region says in public, and that none of it vanishes silently."""

import io
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image

from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import rfc3339
from huxin.node.base import drafts
from huxin.node.base.models import AuditEntry, OutboxEvent
from huxin.node.base.permissions import Role
from huxin.node.base.uploads import Picture
from huxin.node.trust.actions import notices as actions
from huxin.node.trust.models import Notice, NoticeVersion
from huxin.node.trust.queries import notices as queries
from huxin.packs.reader import Words
from tests.lib.node_world import NOTICE
from tests.lib.notice_steps import edit, publish, seen_of, typed, write


def photograph():
    exif = Image.Exif()
    exif[0x0110] = "Camera of somebody"
    out = io.BytesIO()
    Image.effect_noise((60, 40), 40).convert("RGB").save(out, "JPEG", exif=exif)
    return SimpleUploadedFile("IMG_2031.jpg", out.getvalue(), "image/jpeg")


@pytest.fixture
def reader(world):
    return world.client()


def said(**other):
    return {**NOTICE, **other}


# ------------------------------------------------------------------------------ the usual way


def test_draft_look_publish(world, desk, reader):
    notice = write(world, desk)
    assert reader.get(f"/notices/{notice}").status_code == 404
    assert "还没有公开" in desk.get(f"/notices/{notice}/preview").content.decode()
    assert "草稿" in desk.get("/notices").content.decode()
    assert "草稿" not in reader.get("/notices").content.decode()
    page = publish(desk, notice)
    assert "已发布" in page.content.decode()
    for text in (
        "周末加开补种门诊",
        "周六 8:00",
        "灯湾卫生服务中心",
        "接种安排",
        "没有更正过",
        "分享",
    ):
        assert text in reader.get(f"/notices/{notice}").content.decode()
    assert "周末加开补种门诊" in reader.get("/notices").content.decode()
    done = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"notice-written", "notice-published"} <= done
    assert OutboxEvent.objects.get(name="notice-published").payload == {"notice": notice}


def test_in_english(world, officer, reader):
    notice = world.notice(by=officer)
    reader.cookies["huxin_lang"] = "en"
    page = reader.get(f"/notices/{notice.id}").content.decode()
    for text in ("Catch-up clinic", "Lantern Bay Health Centre", "Last day", "Never corrected"):
        assert text in page


def test_a_correction_shows_what_changed_and_why_and_keeps_what_was_said(
    world, officer, desk, reader
):
    notice = world.notice(by=officer).id
    fields = typed(
        world, body_zh="周日 8:00 到 16:00。\n带任何证件都行。", title_zh="周日加开补种门诊"
    )
    answer = edit(desk, notice, fields)
    assert answer.status_code == 422
    assert "中文和英文都要写" in answer.content.decode()
    fields |= {"reason_zh": "日子写错了", "reason_en": "The day was wrong"}
    assert edit(desk, notice, fields).status_code == 302
    assert "周六" in reader.get(f"/notices/{notice}").content.decode()
    assert "周日" not in reader.get(f"/notices/{notice}").content.decode()
    publish(desk, notice)
    page = reader.get(f"/notices/{notice}").content.decode()
    for text in (
        "第 2 版",
        "日子写错了",
        "周日 8:00",
        "周六 8:00",
        "标题：周末加开补种门诊 → 周日加开补种门诊",
    ):
        assert text in page
    assert "第 1 版全文" in page
    assert page.index("第 2 版") < page.index("第 1 版")
    assert "更正过" in reader.get("/notices").content.decode()


def test_a_notice_past_its_last_day_says_so_and_folds(world, officer, reader, monkeypatch):
    notice = world.notice(by=officer).id
    monkeypatch.setenv("HUXIN_NOW", rfc3339(world.now + timedelta(days=40)))
    monkeypatch.setenv("HUXIN_ENVIRONMENT", "test")
    page = reader.get(f"/notices/{notice}").content.decode()
    assert "已过期" in page
    assert "当时说的" in page
    listed = reader.get("/notices").content.decode()
    assert "过期和撤回的（1）" in listed
    assert "现在没有公告" in listed


def test_a_notice_that_is_withdrawn_stays_with_the_reason(world, officer, desk, reader):
    notice = world.notice(by=officer).id
    url = f"/notices/{notice}/withdraw"
    assert "撤回这条公告" in desk.get(url).content.decode()
    assert desk.post(url, {"reason_zh": "取消了"}).status_code == 422
    fields = {"reason_zh": "活动取消了", "reason_en": "It was cancelled"}
    page = desk.post(url, fields, follow=True).content.decode()
    assert "已撤回" in page
    page = reader.get(f"/notices/{notice}").content.decode()
    assert "活动取消了" in page
    assert "周六 8:00" in page
    assert desk.get(f"/notices/{notice}/edit").status_code == 404
    assert edit(desk, notice, typed(world)).status_code == 404
    assert desk.post(url, fields).status_code == 302
    assert AuditEntry.objects.filter(action="notice-withdrawn").count() == 1


def test_a_draft_can_be_dropped_and_what_is_public_stays(world, officer, desk, reader):
    fresh = write(world, desk)
    desk.post(f"/notices/{fresh}/preview", {"do": "drop"})
    assert not Notice.objects.filter(id=fresh).exists()
    public = world.notice(by=officer).id
    fields = typed(world, reason_zh="改", reason_en="change", title_zh="另一个标题")
    edit(desk, public, fields)
    desk.post(f"/notices/{public}/preview", {"do": "drop"})
    assert "周末加开补种门诊" in reader.get(f"/notices/{public}").content.decode()
    assert (
        desk.get(f"/notices/{public}/preview", follow=True).redirect_chain[-1][0]
        == f"/notices/{public}"
    )


# --------------------------------------------------------------------------------- pictures


def test_a_picture_is_written_anew_and_described(world, desk, reader):
    answer = desk.post("/notices/new", typed(world, picture=photograph()))
    assert answer.status_code == 422
    assert "中文和英文都要写" in answer.content.decode()
    described = {"alt_zh": "门诊的桥", "alt_en": "The bridge at the clinic"}
    notice = write(world, desk, picture=photograph(), **described)
    url = f"/notices/{notice}/picture/1"
    assert reader.get(url).status_code == 404
    assert desk.get(url).status_code == 200
    publish(desk, notice)
    picture = reader.get(url)
    assert picture["Content-Type"] in ("image/png", "image/jpeg")
    assert picture["X-Content-Type-Options"] == "nosniff"
    assert "IMG_2031" not in picture["Content-Disposition"]
    assert b"Camera of" not in picture.content
    assert Image.open(io.BytesIO(picture.content)).size == (60, 40)
    assert 'alt="门诊的桥"' in reader.get(f"/notices/{notice}").content.decode()


def test_a_correction_keeps_the_picture_changes_it_or_takes_it_away(world, desk, reader):
    described = {"alt_zh": "桥", "alt_en": "A bridge"}
    notice = write(world, desk, picture=photograph(), **described)
    publish(desk, notice)
    why = {"reason_zh": "改", "reason_en": "change"}
    edit(desk, notice, typed(world, **why, **described))
    publish(desk, notice)
    assert (
        reader.get(f"/notices/{notice}/picture/2").content
        == reader.get(f"/notices/{notice}/picture/1").content
    )
    edit(desk, notice, typed(world, **why, remove_picture="on"))
    publish(desk, notice)
    assert reader.get(f"/notices/{notice}/picture/3").status_code == 404
    assert "去掉了图片" in reader.get(f"/notices/{notice}").content.decode()
    edit(desk, notice, typed(world, **why, **described, picture=photograph()))
    publish(desk, notice)
    assert "加了图片" in reader.get(f"/notices/{notice}").content.decode()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        (
            "a.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            "只收 PNG 和 JPEG",
        ),
        ("a.jpg", b"\xff\xd8\xff\xe0broken", "打不开"),
        ("a.png", b"GIF89a", "只收 PNG 和 JPEG"),
        ("a.jpg", b"\xff\xd8\xff" + b"\0" * 10_000_001, "太大"),
        ("a.jpg", b"", ""),
    ],
    ids=["a drawing with a script", "broken", "another kind", "too large", "empty"],
)
def test_what_is_no_picture_is_told_and_what_was_typed_stays(world, desk, name, data, words):
    fields = typed(world, picture=SimpleUploadedFile(name, data), alt_zh="桥", alt_en="A bridge")
    answer = desk.post("/notices/new", fields)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert words in text
    assert "周末加开补种门诊" in text
    assert Notice.objects.count() == 0


# ------------------------------------------------------------------------- what may go wrong


def test_a_second_click_writes_one_notice(world, desk):
    fields = typed(world)
    places = {desk.post("/notices/new", fields)["Location"] for _ in range(2)}
    assert len(places) == 1
    assert NoticeVersion.objects.count() == 1


def test_a_second_click_publishes_once(world, desk):
    notice = write(world, desk)
    fields = {"do": "publish", "seen": seen_of(notice)}
    for _ in range(2):
        assert desk.post(f"/notices/{notice}/preview", fields)["Location"] == f"/notices/{notice}"
    assert AuditEntry.objects.filter(action="notice-published").count() == 1


@pytest.mark.parametrize("seen", ["", "yesterday", "2026-02-31T00:00:00Z", "2020-01-01T00:00:00Z"])
def test_only_what_was_looked_at_is_published(world, desk, seen):
    notice = write(world, desk)
    answer = desk.post(f"/notices/{notice}/preview", {"do": "publish", "seen": seen}, follow=True)
    assert "没有发布" in answer.content.decode()
    assert NoticeVersion.objects.get().published_at is None


def test_a_draft_that_a_colleague_changed_is_looked_at_again(world, desk):
    notice = write(world, desk)
    seen = seen_of(notice)
    colleague = world.client(world.staff(Role.RULE_OFFICER))
    edit(colleague, notice, typed(world, title_zh="另一句话"))
    answer = desk.post(f"/notices/{notice}/preview", {"do": "publish", "seen": seen}, follow=True)
    assert "没有发布" in answer.content.decode()
    assert "另一句话" in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title_en", ""), ("body_zh", " "), ("source", ""), ("title_zh", "长" * 61),
        ("expires_day", "99"), ("expires_year", "2019"), ("expires_year", "2999"),
    ],
)  # fmt: skip
def test_a_form_that_is_not_right_keeps_what_was_typed(world, desk, field, value):
    answer = desk.post("/notices/new", typed(world, **{field: value}))
    assert answer.status_code == 422
    assert "有 1 处要改" in answer.content.decode()
    assert "接种安排" in answer.content.decode() or field == "source"
    assert Notice.objects.count() == 0


def test_markup_is_shown_as_letters(world, desk, reader):
    notice = write(world, desk, body_zh="<script>alert(1)</script>", title_zh="<b>x</b>")
    publish(desk, notice)
    page = reader.get(f"/notices/{notice}").content.decode()
    assert "<script>alert" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


def test_a_form_that_met_the_end_of_the_session_is_offered_again(world, officer, desk):
    fields = typed(world, title_zh="写了一半的")
    drafts.keep(officer.id, "/notices/new", fields, now=world.now)
    page = desk.get("/notices/new").content.decode()
    assert "写了一半的" in page
    assert "上次没发完" in page
    assert f'value="{fields["expires_day"]}"' in page
    desk.post("/notices/new", {"do": "forget"})
    assert "写了一半的" not in desk.get("/notices/new").content.decode()


def test_an_officer_without_an_organisation_writes_nothing(world):
    from huxin.node.base.models import Grant

    user = world.account("nobody-s-officer")
    Grant.objects.create(user=user, role=Role.RULE_OFFICER.value)
    assert world.client(user).post("/notices/new", typed(world)).status_code == 404
    assert Notice.objects.count() == 0


def test_a_request_of_another_organisation_opens_nothing(world, desk):
    fields = typed(world)
    desk.post("/notices/new", fields)
    other = world.client(world.staff(Role.RULE_OFFICER, at=world.elsewhere))
    assert other.post("/notices/new", fields).status_code == 404
    assert NoticeVersion.objects.count() == 1


# ------------------------------------------------------------------------------ the action


def test_actions_refuse_what_pages_do_not_offer(world, officer):
    by, now = world.actor(officer), world.now
    stranger = world.actor(world.staff(Role.CLERK))
    notice = world.notice(by=officer).id
    text = actions.Said(**said(expires=now.date()))
    why = Words("因", "why")
    drawn = Picture(b"x", "image/png", 1, 1)
    for attempt in (
        lambda: actions.withdraw(notice, reason=Words("", ""), by=by, now=now),
        lambda: actions.withdraw(notice, reason=why, by=stranger, now=now),
        lambda: actions.withdraw(uuid.uuid4(), reason=why, by=by, now=now),
        lambda: actions.write(text, notice=notice, request=uuid.uuid4(), by=by, now=now),
        lambda: actions.write(
            actions.Said(**said(expires=now.date(), picture=drawn)),
            notice=None, request=uuid.uuid4(), by=by, now=now,
        ),
        lambda: actions.withdraw(world.notice(by=officer, published=False).id, reason=why, by=by, now=now),
    ):  # fmt: skip
        with pytest.raises(RefusalError):
            attempt()


def test_withdrawing_drops_the_draft_of_a_correction(world, officer):
    by, now = world.actor(officer), world.now
    notice = world.notice(by=officer).id
    seen = NoticeVersion.objects.get().written_at
    text = actions.Said(**said(expires=now.date(), reason=Words("改", "change")))
    actions.write(text, notice=notice, request=uuid.uuid4(), seen=seen, by=by, now=now)
    actions.withdraw(notice, reason=Words("因", "why"), by=by, now=now)
    assert NoticeVersion.objects.filter(notice=notice).count() == 1
    dropped = AuditEntry.objects.get(action="notice-dropped")
    assert (dropped.detail, dropped.actor) == ({"version": 2}, officer.id)
    with pytest.raises(RefusalError):
        actions.write(text, notice=notice, request=uuid.uuid4(), by=by, now=now)
    actions.discard(notice, by=by, now=now)
    assert NoticeVersion.objects.filter(notice=notice).count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": 2, "reason_zh": "", "reason_en": ""},
        {"number": 1},
        {"number": 2, "reason_zh": "x", "reason_en": "x", "picture": b"x"},
    ],
    ids=["a correction without a reason", "one number twice", "a picture nobody described"],
)
def test_the_tables_hold_what_must_always_hold(world, officer, wrong):
    notice = world.notice(by=officer)
    row = {
        **{f"{name}_{language}": "x" for name in ("title", "body", "author") for language in ("zh", "en")},
        "source": "x", "expires": world.now.date(), "written_by": officer.id, "written_at": world.now,
    }  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        NoticeVersion.objects.create(notice=notice, **{**row, **wrong})


def test_one_draft_at_a_time(world, officer):
    notice = world.notice(by=officer, published=False)
    version = NoticeVersion.objects.get()
    version.pk, version.number, version.reason_zh, version.reason_en = uuid.uuid4(), 2, "x", "x"
    with pytest.raises(IntegrityError), transaction.atomic():
        version.save(force_insert=True)
    newest = queries.newest(notice)
    assert newest is not None
    assert newest.number == 1


def test_the_newest_is_offered_to_the_first_page(world, officer):
    assert queries.latest(world.now) is None
    notice = world.notice(by=officer)
    latest = queries.latest(world.now)
    assert latest is not None
    assert latest.notice == notice


def test_a_change_in_the_other_language_only_is_said(world, officer, desk, reader):
    notice = world.notice(by=officer).id
    fields = typed(world, title_en="Another title", reason_zh="译错", reason_en="translation")
    last = NoticeVersion.objects.get(notice=notice).expires
    fields |= {
        "expires_year": f"{last:%Y}",
        "expires_month": f"{last:%m}",
        "expires_day": f"{last:%d}",
    }
    edit(desk, notice, fields)
    publish(desk, notice)
    assert "只改了英文" in reader.get(f"/notices/{notice}").content.decode()
