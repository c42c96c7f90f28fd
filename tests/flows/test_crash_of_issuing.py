"""A node that dies while it issues: no acknowledged card is lost, and none exists twice.

A whole node in processes of its own: killed at each named point of `actions/issue.py`, and five times
by `kill -9` while several clerks sign.
"""

import re
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.lib.running_node import ROOT, Browser, GoneError, RunningNode
from tests.lib.seed_node import PASSWORD

POINTS = tuple(
    re.findall(
        r'crash\.point\("([a-z.]+)"\)',
        (ROOT / "src/huxin/node/trust/actions/issue.py").read_text("utf-8"),
    )
)
CLERKS = ("one", "two", "three", "four")
DEATHS = 5

pytestmark = [pytest.mark.size("all"), pytest.mark.allow_hosts(["127.0.0.1"])]


def wish() -> dict[str, str]:
    return {
        "request": str(uuid.uuid4()), "hand": "paper", "name": "林㑇", "birth_year": "2020",
        "birth_month": "03", "birth_day": "18", "vaccine": "mmr", "dose": "1",
        "date_year": "2025", "date_month": "03", "date_day": "20",
    }  # fmt: skip


def sign(clerk: Browser, person: str, fields: dict[str, str]) -> str:
    """Send the last look's form; returns the address of the card."""
    answer = clerk.post(f"/desk/people/{person}/new/school-entry/check", fields)
    assert answer.status == 302, (answer.status, answer.text[-400:])
    assert answer.location.startswith("/desk/cards/"), answer.location
    return answer.location


def cards_of(node: RunningNode, fields: dict[str, str]) -> int:
    key = uuid.UUID(fields["request"]).hex
    ((count,),) = node.rows("SELECT count(*) FROM trust_card WHERE request = ?", key)
    return int(count)


def assert_whole(node: RunningNode) -> None:
    """The file is sound, and each card has its entry, its event and its own place."""
    assert node.rows("PRAGMA integrity_check") == [("ok",)]
    ((cards,),) = node.rows("SELECT count(*) FROM trust_card")
    ((entries,),) = node.rows("SELECT count(*) FROM base_auditentry WHERE action = 'issued'")
    ((events,),) = node.rows("SELECT count(*) FROM base_outboxevent WHERE name = 'card-issued'")
    ((places,),) = node.rows(
        "SELECT count(*) FROM (SELECT DISTINCT status_list, status_index FROM trust_card)"
    )
    assert cards == entries == events == places


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    made = RunningNode(
        Path(tmp_path_factory.mktemp("crash")) / "node", clerks=["clerk", *CLERKS], people=1
    )
    yield made
    made.kill()


@pytest.fixture(autouse=True)
def dead_afterwards(node):
    yield
    node.kill()


def test_every_named_point_is_tried():
    assert set(POINTS) == {
        "issue.begun", "issue.signed", "issue.written", "issue.recorded", "issue.told", "issue.kept",
    }  # fmt: skip


@pytest.mark.parametrize("point", POINTS)
def test_a_death_at_a_named_point_leaves_one_card_or_none(node, point):
    (person,) = node.seeded["people"]
    fields = wish()
    node.start(HUXIN_CRASH_AT=point)
    clerk = node.browser("clerk", PASSWORD)
    with pytest.raises(GoneError):
        sign(clerk, person, fields)
    node.kill()
    # Before the transaction is kept nothing is there, not even in part; after it, one card is.
    assert cards_of(node, fields) == (1 if point == "issue.kept" else 0)
    assert_whole(node)

    node.start()
    first = sign(clerk, person, fields)  # the session outlived the crash, and so did the form
    again = sign(clerk, person, fields)
    node.kill()
    assert first == again
    assert cards_of(node, fields) == 1
    assert_whole(node)


def test_eight_clicks_at_one_moment_give_one_card(node):
    (person,) = node.seeded["people"]
    node.start()
    clerk, fields = node.browser("clerk", PASSWORD), wish()
    with ThreadPoolExecutor(8) as hands:
        places = list(hands.map(lambda _: sign(clerk, person, fields), range(8)))
    assert len(set(places)) == 1
    assert cards_of(node, fields) == 1
    assert_whole(node)


class Clerk(threading.Thread):
    """Signs one card after another until the node is gone; notes each wish before it is sent."""

    def __init__(self, browser: Browser, person: str) -> None:
        super().__init__(daemon=True)
        self.browser = browser
        self.person = person
        self.sent: list[dict[str, str]] = []
        self.told: dict[str, str] = {}

    def run(self) -> None:
        try:
            while True:
                fields = wish()
                self.sent.append(fields)
                self.told[fields["request"]] = sign(self.browser, self.person, fields)
        except GoneError:
            return


def test_five_deaths_under_load_lose_no_acknowledged_card(node):
    (person,) = node.seeded["people"]
    sent: list[dict[str, str]] = []
    told: dict[str, str] = {}
    browsers: list[Browser] = []
    for death in range(DEATHS):
        node.start()
        browsers = browsers or [node.browser(name, PASSWORD) for name in CLERKS]
        clerks = [Clerk(browser, person) for browser in browsers]
        for clerk in clerks:
            clerk.start()
        ends = time.monotonic() + 240
        while sum(len(one.told) for one in clerks) < 8 + 5 * death and time.monotonic() < ends:
            time.sleep(0.02)
        node.kill()
        for clerk in clerks:
            clerk.join(timeout=300)
            assert not clerk.is_alive()
            sent += clerk.sent
            told |= clerk.told
        assert_whole(node)
        for fields in sent:
            assert cards_of(node, fields) == 1 or fields["request"] not in told

    assert len(told) >= 8 * DEATHS
    node.start()
    for fields in sent:  # whoever got no answer asks again, and so does whoever got one
        location = sign(browsers[0], person, fields)
        assert told.get(fields["request"], location) == location
        assert cards_of(node, fields) == 1
    node.kill()
    assert_whole(node)
