"""What a clerk does at the desk with a mouse: look for somebody, open them, record who may act for them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from huxin.adapters import clock
from tests.lib.browser_words import Tongue, box, written

Look = Callable[[Page], None]


@dataclass(frozen=True)
class Agreed:
    """Who may act for whom, as what, how it was agreed, and for how many days."""

    person: str
    holder: str
    kind: str
    how: str
    days: int


def look_for(page: Page, say: Tongue, name: str, *, purpose: str = "issue") -> None:
    """From the desk's first page to the answer whether somebody is known here."""
    page.goto("/desk")
    box(page, say("姓名或证件号", "Name or document number")).fill(name)
    box(page, say("为了什么", "What for")).select_option(purpose)
    page.get_by_role("checkbox", name=say("本人或代办人在场", "The person or")).check()
    page.get_by_role("button", name=say("查找", "Find"), exact=True).click()


def open_person(page: Page, say: Tongue, name: str, *, purpose: str = "issue") -> None:
    """Look for somebody who is known here, and open them."""
    look_for(page, say, name, purpose=purpose)
    page.get_by_role("link", name=say("是这位", "This is the person")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def fill_day(page: Page, say: Tongue, label: str, day: date) -> None:
    """Fill in the three boxes of a date."""
    boxes = page.get_by_role("group", name=label)
    for part, value in (
        (say("年", "year"), f"{day:%Y}"),
        (say("月", "month"), str(day.month)),
        (say("日", "day"), str(day.day)),
    ):
        box(boxes, part).fill(value)


def record(page: Page, say: Tongue, agreed: Agreed, look: Look = lambda page: None) -> None:
    """Both stand at the desk: found, what it means read out, agreed; the first last day is too far."""
    open_person(page, say, agreed.person, purpose="help")
    page.get_by_role("link", name=say("登记或结束代办", "Record or end it")).click()
    look(page)
    who = say("监护人或代办人的姓名或证件号", "Name or document number of the guardian or helper")
    box(page, who).fill(agreed.holder)
    page.get_by_role("checkbox", name=say("这个人在场", "This person is present")).check()
    page.get_by_role("button", name=say("查找", "Find"), exact=True).click()
    look(page)
    page.get_by_role("link", name=say("是这位", "This is the person")).click()
    expect(written(page, agreed.holder)).to_be_visible()
    means = say("能看、能打印本人的卡", "may see and print the person's cards")
    expect(page.get_by_role("listitem").filter(has_text=means)).to_be_visible()
    _agree(page, say, agreed, look)


def _agree(page: Page, say: Tongue, agreed: Agreed, look: Look) -> None:
    page.get_by_role("radio", name=agreed.kind).check()
    how = box(page, say("怎样同意的", "How it was agreed"))
    how.fill(agreed.how)
    until = say("到哪一天为止", "Until which day")
    today = clock.now().date()
    fill_day(page, say, until, today + timedelta(days=3000))
    page.get_by_role("button", name=say("登记", "Record it"), exact=True).click()
    told = page.get_by_role("alert")
    expect(told).to_contain_text(say("太远了", "Too far"))
    expect(told).to_be_focused()
    expect(how).to_have_value(agreed.how)
    look(page)
    fill_day(page, say, until, today + timedelta(days=agreed.days))
    page.get_by_role("button", name=say("登记", "Record it"), exact=True).click()
    expect(page.get_by_text(say("已登记。", "Recorded."))).to_be_visible()
    expect(page.get_by_role("article").filter(has_text=agreed.holder)).to_contain_text(agreed.how)
    look(page)
