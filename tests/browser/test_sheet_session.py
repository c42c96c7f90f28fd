"""A session sheet when the sign-in is over, or the network: what was ticked stays, and is saved afterwards."""

import pytest
from playwright.sync_api import expect

from tests.lib.browser_words import box, new_name


@pytest.fixture
def clerk(site):
    return site.ask("staff", role="clerk", shown="沈砚")


@pytest.fixture
def sheet(site, clerk):
    names = [new_name("林"), new_name("顾"), new_name("贺")]
    return {"id": site.ask("sheet", names=names, by=clerk["name"]), "names": names}


def tick(page, name):
    page.get_by_role("checkbox", name=name).check()


def test_the_end_of_a_sign_in_is_said_and_no_tick_is_lost(enter, sound, site, clerk, sheet):
    first, second, _ = sheet["names"]
    page = enter(clerk)
    page.goto(f"/sheets/{sheet['id']}")
    status = page.get_by_role("status")
    tick(page, first)
    expect(status).to_contain_text("都存好了")
    expect(status.get_by_role("link")).to_be_hidden()
    site.ask("end_sessions")
    tick(page, second)
    expect(status).to_contain_text("登录已经过期")
    expect(status).to_contain_text("还没存上：1")
    sound(page)
    status.get_by_role("link", name="去登录").click()
    box(page, "账号").fill(clerk["name"])
    box(page, "密码").fill(clerk["password"])
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("checkbox", name=second)).to_be_checked()
    expect(page.get_by_role("status").filter(has_text="都存好了")).to_be_visible()
    assert site.ask("ticked", sheet=sheet["id"]) == [first, second]


def test_another_clerk_at_the_same_screen_sends_nobody_elses_ticks(enter, site, clerk, sheet):
    first = sheet["names"][0]
    page = enter(clerk)
    page.goto(f"/sheets/{sheet['id']}")
    site.ask("end_sessions")
    tick(page, first)
    status = page.get_by_role("status")
    expect(status).to_contain_text("登录已经过期")
    status.get_by_role("link", name="去登录").click()
    other = site.ask("staff", role="clerk")
    box(page, "账号").fill(other["name"])
    box(page, "密码").fill(other["password"])
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("checkbox", name=first)).not_to_be_checked()
    assert site.ask("ticked", sheet=sheet["id"]) == []


def test_a_lost_network_is_told_as_such(enter, clerk, sheet):
    page = enter(clerk)
    page.goto(f"/sheets/{sheet['id']}")
    page.context.set_offline(True)
    tick(page, sheet["names"][0])
    status = page.get_by_role("status")
    expect(status).to_contain_text("网络恢复后自动再存")
    expect(status.get_by_role("link")).to_be_hidden()
    page.context.set_offline(False)
    expect(status).to_contain_text("都存好了")
    page.watch.troubles.clear()  # a console without a network says so, as it should


def test_without_scripts_the_ticks_stand_there_again_after_signing_in(
    enter, sound, site, clerk, sheet
):
    first, second, third = sheet["names"]
    page = enter(clerk, scripts=False)
    page.goto(f"/sheets/{sheet['id']}")
    tick(page, first)
    page.get_by_role("button", name="存下打的勾").click()
    expect(page.get_by_text("已存好。")).to_be_visible()
    page.get_by_role("checkbox", name=first).uncheck()
    tick(page, second)
    tick(page, third)
    site.ask("end_sessions")
    page.get_by_role("button", name="存下打的勾").click()
    box(page, "账号").fill(clerk["name"])
    box(page, "密码").fill(clerk["password"])
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_text("还没存上，请看一遍再存")).to_be_visible()
    expect(page.get_by_role("checkbox", name=first)).not_to_be_checked()
    for name in (second, third):
        expect(page.get_by_role("checkbox", name=name)).to_be_checked()
    assert site.ask("ticked", sheet=sheet["id"]) == [first]
    page.get_by_role("button", name="存下打的勾").click()
    expect(page.get_by_text("已存好。")).to_be_visible()
    assert site.ask("ticked", sheet=sheet["id"]) == [second, third]
