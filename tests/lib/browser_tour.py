"""The page of the tour as a visitor walks it: its lines, its buttons, and the tabs that they open."""

import re

from playwright.sync_api import Page, expect

from tests.lib.browser_words import Tongue
from tests.lib.running_demo import Demo

# A hurried machine is slow, and still right.
PATIENCE = 60_000
# A node that is set up anew makes its tables, people and cards; a busy machine takes its time.
LONG = 400_000


class Tour:
    """The page of the tour; each button *enter as* opens a tab."""

    def __init__(self, page: Page, demo: Demo, say: Tongue) -> None:
        self.page = page
        self.demo = demo
        self.say = say

    def open(self) -> None:
        """Open the tour; a node that a failed test left off is started first."""
        self.page.goto(self.demo.tour)
        for code in self.demo.nodes:
            button = self.page.locator(f"[data-node={code}][data-state=stopped] button")
            if button.count():
                button.click()
        self.all_running(LONG)

    def all_running(self, timeout: float = PATIENCE) -> None:
        expect(self.page.locator("[data-node][data-state=running]")).to_have_count(
            3, timeout=timeout
        )

    def deed(self, step, zh, en):
        """A line of a step, by its words."""
        return self.page.locator(f"#step-{step} .tour__deeds > li").filter(
            has_text=self.say(zh, en)
        )

    def enter(self, step, zh, en):
        """Press *enter as* beside these words; gives the tab that opens, on the page it leads to."""
        form = self.deed(step, zh, en).locator("form[target]")
        with self.page.expect_popup() as opened:
            form.get_by_role("button", name=self.say("进入：", "Enter as:")).click()
        tab = opened.value
        tab.wait_for_url(lambda url: url != "about:blank" and "/demo/enter" not in url)
        return tab

    def order(self, zh, en, state):
        """Stop or start 苇洲 by the button of the first step, and wait until it is so."""
        self.deed("proof", zh, en).get_by_role("button").click()
        expect(self.page).to_have_url(re.compile("#step-proof$"))
        expect(self.page.locator("[data-node=QW]")).to_have_attribute(
            "data-state", state, timeout=LONG
        )
        beside = self.deed("proof", zh, en).locator("[data-state-of=QW]")
        expect(beside).to_contain_text(
            self.say(*{"running": ("开着", "running"), "stopped": ("停着", "stopped")}[state])
        )
