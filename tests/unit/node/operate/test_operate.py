"""The operator's pages: how the node is, what failed once more, who works here and where."""

import re
import uuid
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django_tasks_db.models import DBTaskResult

from huxin.node.base import audit, jobs, key_calendar, outbox
from huxin.node.base.actor import NOBODY
from huxin.node.base.models import AuditEntry, Organisation, OutboxEvent, User
from huxin.node.base.permissions import Role

# Not any four groups of letters: an address on the page holds such a row too.
PASSWORD = re.compile(r'id="password"[^>]*>([a-z2-9]{4}(?:-[a-z2-9]{4}){3})<')


@pytest.fixture
def operator(world):
    return world.client(world.staff(Role.OPERATOR, name="operator-one"))


def text(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def english(client):
    client.cookies["huxin_lang"] = "en"
    return client


def test_the_page_says_how_the_node_is_and_what_to_do(operator):
    page = text(english(operator).get("/operate"))
    assert "2 to look at." in page  # no backup, and the trail was never checked
    assert "run huxin node backup" in page
    assert "2040-01-01" in page
    assert "this node's own" in page
    assert "Lantern Bay" in page or "QV" in page
    assert "never checked" in page


def test_a_key_that_ends_soon_stands_first_with_its_days(operator, monkeypatch, world):
    soon = key_calendar.KeyEnd("QX", "00ff", world.now + timedelta(days=12, hours=1), own=False)
    over = key_calendar.KeyEnd("QX", "00fe", world.now - timedelta(days=3), own=False)
    endless = key_calendar.KeyEnd("QX", "00fd", None, own=False)
    monkeypatch.setattr(key_calendar, "key_ends", lambda: [over, soon, endless])
    page = text(english(operator).get("/operate"))
    assert "12 days" in page
    assert "Over" in page
    assert "Not named" in page
    monkeypatch.setattr(key_calendar, "key_ends", list)
    assert "No keys" in text(operator.get("/operate"))


def fail(event, now):
    raise RuntimeError


def test_what_failed_is_tried_again_and_that_is_written_down(operator, world, monkeypatch):
    monkeypatch.setitem(outbox._listeners, "x-happened", [fail])
    event = OutboxEvent.objects.create(name="x-happened", payload={}, at=world.now)
    outbox.deliver(now=world.now)
    job = outbox.deliver_outbox.enqueue()
    DBTaskResult.objects.filter(id=job.id).update(status="FAILED")
    page = text(operator.get("/operate"))
    assert "RuntimeError" in page
    assert "x-happened" in page
    monkeypatch.setitem(outbox._listeners, "x-happened", [])
    answer = operator.post("/operate/again", follow=True)
    assert "2 项会再试一次" in text(answer)
    assert jobs.overview().events_failed == 0
    assert jobs.overview().jobs_failed == 0
    assert outbox.deliver(now=world.now) == 1
    event.refresh_from_db()
    assert event.delivered_at
    assert AuditEntry.objects.get(action="retried-jobs").detail == {"events": 1, "jobs": 1}
    assert "没有要再试的" in text(operator.post("/operate/again", follow=True))


def test_an_account_is_made_and_its_password_shown_once(operator, world):
    cells = {
        "username": "clerk-two", "shown": "林远", "organisation": str(world.centre.id),
        "roles": ["clerk", "checker"],
    }  # fmt: skip
    page = text(operator.post("/operate/staff/new", cells))
    password = PASSWORD.findall(page)[0]
    made = User.objects.get(username="clerk-two")
    assert made.check_password(password)
    assert sorted(made.grants.values_list("role", flat=True)) == ["checker", "clerk"]
    assert AuditEntry.objects.get(action="added-account").actor
    again = operator.post("/operate/staff/new", cells)
    assert again.status_code == 409
    assert "已经有了" in again.content.decode()
    assert "林远" in again.content.decode()
    assert password not in text(operator.get("/operate/staff"))


def test_a_faulty_account_names_each_fault_and_keeps_what_was_typed(operator, world):
    page = text(operator.post("/operate/staff/new", {"username": "林 远", "shown": "林远"}))
    assert page.count('class="error') >= 3
    assert "林 远" in page
    assert not User.objects.filter(shown="林远").exists()


def test_without_an_organisation_the_page_says_where_to_begin(world):
    user = world.account("operator-two")
    user.grants.create(role=Role.OPERATOR.value)
    client = world.client(user)
    assert Organisation.objects.count() == 0
    assert "先添加一个机构" in text(client.get("/operate/staff"))


def test_a_new_password_is_shown_once_even_if_the_button_is_pressed_twice(operator, world):
    clerk = world.staff(Role.CLERK)
    address = f"/operate/staff/{clerk.id}"
    form = {"do": "password", "request": str(uuid.uuid4())}
    password = PASSWORD.findall(text(operator.post(address, form)))[0]
    again = operator.post(address, form, follow=True)
    assert "已经显示过一次" in text(again)
    clerk.refresh_from_db()
    assert clerk.check_password(password)
    assert AuditEntry.objects.filter(action="reset-password").count() == 1


def test_closing_is_asked_once_more_and_ends_the_sessions(operator, world):
    clerk = world.staff(Role.CLERK)
    address = f"/operate/staff/{clerk.id}"
    assert "关闭这个账号？" in text(operator.post(address, {"do": "ask"}))
    clerk.refresh_from_db()
    assert clerk.is_active
    assert "已关闭" in text(operator.post(address, {"do": "close"}, follow=True))
    clerk.refresh_from_db()
    assert not clerk.is_active
    page = text(operator.get(address))
    assert "不删除" in page
    assert "do" not in re.findall(r'name="(do)"', page)
    operator.post(address, {"do": "password", "request": "x"})
    assert AuditEntry.objects.filter(action="reset-password").count() == 0


def test_nobody_closes_their_own_account_or_resets_it_here(operator, world):
    own = User.objects.get(username="operator-one")
    address = f"/operate/staff/{own.id}"
    assert "您自己的账号" in text(operator.get(address))
    clerk = world.staff(Role.CLERK, name="clerk-one")
    roof = text(operator.get(f"/operate/staff/{clerk.id}")).partition("<main")[0]
    assert "operator-one" in roof  # the page is about somebody else, its reader is not
    assert "另一位运维" in text(operator.post(address, {"do": "close"}, follow=True))
    text(operator.post(address, {"do": "password", "request": "x"}))
    own.refresh_from_db()
    assert own.is_active
    assert AuditEntry.objects.filter(action__in=["closed-account", "reset-password"]).count() == 0


def test_a_residents_account_does_not_exist_here(operator, world):
    resident = world.resident(world.person())
    assert operator.get(f"/operate/staff/{resident.id}").status_code == 404
    assert resident.username not in text(operator.get("/operate/staff"))


def test_an_old_sign_in_is_asked_again_before_accounts_are_touched(operator, world):
    session = operator.session
    session["huxin_fresh_at"] -= 3600
    session.save()
    answer = operator.get("/operate/staff/new")
    assert answer.status_code == 302
    assert "/accounts/reauthenticate/" in answer["Location"]


def test_an_organisation_is_added_once(operator, world):
    cells = {"zh": "河埠头", "en": "Wharf", "hours": "8:30–17:00"}
    assert "已添加机构" in text(operator.post("/operate/organisations", cells, follow=True))
    assert "已经有这个名字" in text(operator.post("/operate/organisations", cells))
    assert text(operator.post("/operate/organisations", {})).count('class="error') >= 2
    assert Organisation.objects.filter(name_zh="河埠头").count() == 1


def test_the_hours_of_an_organisation_are_changed(operator, world):
    world.centre.hours = "mornings"
    world.centre.save()
    cells = {
        "do": "hours",
        "other-place": world.centre.id,
        "other-hours": " 周一至周五 8:30–17:00 ",
    }
    for _ in range(2):
        page = text(operator.post("/operate/organisations", cells, follow=True))
        assert "开放时间已改" in page
    world.centre.refresh_from_db()
    assert world.centre.hours == "周一至周五 8:30–17:00"
    assert AuditEntry.objects.filter(action="changed-hours").count() == 1
    wrong = text(operator.post("/operate/organisations", cells | {"other-place": "x"}))
    assert "请从列出的里面选" in wrong
    assert Organisation.objects.count() == 1


@pytest.fixture
def auditor(world):
    return world.client(world.staff(Role.AUDITOR))


def test_the_trail_is_read_by_day_and_action_without_names(auditor, world):
    clerk, child = world.staff(Role.CLERK), world.person()
    world.card(child, by=clerk)
    page = text(auditor.get("/audit"))
    assert "签发了一张卡" in page
    assert str(child.id) in page
    assert "林㑇" not in page
    today = world.now.astimezone(ZoneInfo("Asia/Shanghai")).date()
    of_day = text(auditor.get(f"/audit?day={today}&action=issued"))
    assert "1 条，新的在前" in of_day
    assert "没有这样的记录" in text(auditor.get("/audit?day=2001-01-01"))
    assert "没有这样的记录" in text(auditor.get("/audit?action=nothing-of-it"))


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1899-12-31"])
def test_a_day_that_nobody_can_reckon_with_is_told(auditor, day):
    answer = auditor.get("/audit", {"day": day})
    assert answer.status_code == 200
    assert "日期写成" in text(answer)
    assert f'value="{day}"' in text(answer)


def test_a_day_that_is_none_is_told(auditor):
    page = text(auditor.get("/audit?day=next%20week&as=csv"))
    assert "日期写成" in page
    assert 'value="next week"' in page


def test_many_entries_are_paged(auditor, world):
    audit.record_all([audit.Note("seen")] * 120, by=NOBODY, now=world.now)
    assert "page=3" in text(auditor.get("/audit"))
    assert text(auditor.get("/audit?page=3")).count("<tr") < 60


def test_verify_says_whether_it_holds(auditor, world, settings):
    audit.record("seen", by=NOBODY, now=world.now)
    assert "完整：" in text(auditor.post("/audit/verify", follow=True))
    AuditEntry.objects.filter(action="seen").update(action="else")
    try:
        assert "被改过" in text(auditor.post("/audit/verify", follow=True))
    finally:
        (settings.HUXIN.path / "audit-head.json").unlink(missing_ok=True)


def test_the_table_holds_what_was_asked_for_and_is_written_down(auditor, world):
    audit.record_all([audit.Note("seen")] * 1100, by=NOBODY, now=world.now)
    Organisation.objects.filter(id=world.centre.id).update(name_zh="=cmd")
    audit.record("seen", by=world.actor(world.staff(Role.CLERK)), now=world.now)
    answer = auditor.get("/audit?as=csv&action=seen")
    table = b"".join(answer.streaming_content).decode()
    assert table.startswith("\ufeffid,at,action")
    assert len(table.splitlines()) == 1102
    assert "'=cmd" in table
    assert AuditEntry.objects.get(action="exported-audit").detail == {"entries": 1101}


def test_roles_are_given_and_taken_on_the_page_of_an_account(operator, world):
    clerk = world.staff(Role.CLERK)
    address = f"/operate/staff/{clerk.id}"
    assert "收回" not in text(operator.get(address))  # the last role stays
    page = text(operator.post(address, {"do": "give", "role": "checker"}, follow=True))
    assert "已给角色：查验员" in page
    assert page.count("收回") == 2
    assert "已收回角色：签发员" in text(operator.post(address, {"do": "take", "role": "clerk"}, follow=True))  # fmt: skip
    assert world.actor(clerk).roles == {Role.CHECKER}


@pytest.mark.parametrize("fields", [{"do": "give", "role": ""}, {"do": "give", "role": "resident"}])
def test_a_role_that_was_not_offered_is_told_at_its_field(operator, world, fields):
    page = text(operator.post(f"/operate/staff/{world.staff(Role.CLERK).id}", fields))
    assert 'class="error' in page


@pytest.mark.parametrize("role", ["clerk", "nothing-of-it"])
def test_a_last_role_or_none_at_all_is_not_taken(operator, world, role):
    clerk = world.staff(Role.CLERK)
    answer = operator.post(f"/operate/staff/{clerk.id}", {"do": "take", "role": role}, follow=True)
    assert "没有改" in text(answer)
    assert world.actor(clerk).roles == {Role.CLERK}


def test_nobody_gives_a_role_to_themselves(operator, world):
    own = User.objects.get(username="operator-one")
    answer = operator.post(
        f"/operate/staff/{own.id}", {"do": "give", "role": "auditor"}, follow=True
    )
    assert "没有改" in text(answer)
    assert world.actor(own).roles == {Role.OPERATOR}
