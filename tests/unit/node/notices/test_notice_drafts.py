"""Drafts of notices: two who write at once, a form that was used, a last day that has passed."""

import re
import uuid
from datetime import timedelta

import pytest

from huxin.adapters import clock
from huxin.node.base.models import AuditEntry
from huxin.node.base.permissions import Role
from huxin.node.trust.models import Notice, NoticeVersion
from tests.lib.notice_steps import edit, publish, typed, write


@pytest.fixture
def colleague(world):
    return world.client(world.staff(Role.RULE_OFFICER))


def hidden(page, name):
    (found,) = re.findall(rf'name="{name}" value="([^"]*)"', page)
    return found


def test_two_officers_do_not_overwrite_each_other_unawares(world, desk, colleague):
    notice = write(world, desk)
    url = f"/notices/{notice}/edit"
    seen = hidden(colleague.get(url).content.decode(), "seen")
    assert edit(desk, notice, typed(world, body_en="A long text.")).status_code == 302
    fields = typed(world, title_en="Another title", seen=seen)
    answer = colleague.post(url, fields)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "同事刚才改过" in page
    assert "Another title" in page  # nothing typed is lost
    assert NoticeVersion.objects.get().body_en == "A long text."
    again = {**fields, "seen": hidden(page, "seen")}
    assert colleague.post(url, again).status_code == 302
    assert NoticeVersion.objects.get().title_en == "Another title"


def test_without_what_was_looked_at_nothing_is_overwritten(world, desk):
    notice = write(world, desk)
    for seen in ("", "yesterday", "2020-01-01T00:00:00Z"):
        fields = typed(world, title_en="x", seen=seen)
        assert desk.post(f"/notices/{notice}/edit", fields).status_code == 409
    assert NoticeVersion.objects.get().title_en != "x"


def test_a_second_click_on_an_edit_writes_once(world, desk):
    notice = write(world, desk)
    seen = hidden(desk.get(f"/notices/{notice}/edit").content.decode(), "seen")
    fields = typed(world, title_en="x", seen=seen)
    for _ in range(2):
        assert desk.post(f"/notices/{notice}/edit", fields).status_code == 302
    assert (
        AuditEntry.objects.filter(action="notice-written").count() == 2
    )  # the draft, and one edit


def test_the_form_of_a_published_notice_writes_another_one_when_sent_once_more(world, desk):
    fields = typed(world)
    notice = desk.post("/notices/new", fields)["Location"].split("/")[2]
    publish(desk, notice)
    other = {**fields, "title_zh": "另一条公告"}
    answer = desk.post("/notices/new", other)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "已经写过一条公告" in page
    assert "另一条公告" in page
    assert Notice.objects.count() == 1
    fresh = hidden(page, "request")
    assert fresh != fields["request"]
    assert desk.post("/notices/new", {**other, "request": fresh}).status_code == 302
    assert Notice.objects.count() == 2


def test_the_form_of_a_draft_that_a_colleague_took_further_overwrites_nothing(
    world, desk, colleague
):
    fields = typed(world)
    notice = desk.post("/notices/new", fields)["Location"].split("/")[2]
    edit(colleague, notice, typed(world, title_zh="同事写的"))
    assert desk.post("/notices/new", {**fields, "title_zh": "我的"}).status_code == 409
    assert NoticeVersion.objects.get().title_zh == "同事写的"


def test_a_draft_past_its_last_day_is_not_published(world, desk, monkeypatch):
    notice = write(world, desk)
    later = clock.now() + timedelta(days=30)
    monkeypatch.setattr(clock, "now", lambda: later)
    world.now = later
    page = publish(world.client(world.staff(Role.RULE_OFFICER)), notice).content.decode()
    assert "最后一天已经过了" in page
    assert 'name="expires_day"' in page
    assert NoticeVersion.objects.get().published_at is None
    fresh = world.client(world.staff(Role.RULE_OFFICER))
    edit(fresh, notice, typed(world))
    assert "已发布" in publish(fresh, notice).content.decode()


def test_withdrawing_says_that_a_draft_goes_with_it(world, officer, desk):
    notice = world.notice(by=officer).id
    url = f"/notices/{notice}/withdraw"
    assert "草稿" not in desk.get(url).content.decode()
    edit(desk, notice, typed(world, reason_zh="改", reason_en="change"))
    assert "草稿（第 2 版）会一起删掉" in desk.get(url).content.decode()
    desk.post(url, {"reason_zh": "取消了", "reason_en": "It was cancelled"})
    assert AuditEntry.objects.get(action="notice-dropped").detail == {"version": 2}


def test_an_edit_of_a_notice_that_is_not_there_is_told(world, desk):
    assert desk.post(f"/notices/{uuid.uuid4()}/edit", typed(world)).status_code == 404
