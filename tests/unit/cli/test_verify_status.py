"""`huxin verify --status`: a card is looked up in signed sets, and what is no set of that region is not believed."""

from datetime import timedelta

import pytest

from huxin.adapters import trust_file
from huxin.adapters.key_description import KeyDescription
from huxin.trust.credentials.credential import StatusIndex
from huxin.trust.issue import issue
from huxin.trust.status.index_set import IndexSet
from huxin.trust.status.signed_set import Held, ListName, publish
from tests.lib.regions import CLOUD_FERRY, LANTERN_BAY, NOW, REED_ISLES, facts
from tests.lib.terminal import Terminal

URI = "https://node.example.org/status/1"
DAY = timedelta(days=1)
CARD = issue(facts(), REED_ISLES, now=NOW - 10 * DAY, status=StatusIndex(URI, 77)).text
NONE = Held(ListName("QW", URI), 1, IndexSet.of(()), NOW - DAY, NOW + DAY)
ONE = Held(ListName("QW", URI), 2, IndexSet.of((77,)), NOW, NOW + 2 * DAY)


@pytest.fixture
def terminal(tmp_path):
    """A checker who believes 苇洲 and 灯湾, and has their sets in files."""
    entries = [
        trust_file.entry_of(
            KeyDescription(
                one.region,
                "production",
                ("huxin",),
                NOW - 300 * DAY,
                NOW + 300 * DAY,
                one.key.public,
            )
        )
        for one in (REED_ISLES, LANTERN_BAY)
    ]
    (tmp_path / "regions.json").write_text(trust_file.write(entries), "utf-8")
    made = {
        "1.hxs": publish(NONE, REED_ISLES),
        "2.delta": publish(ONE, REED_ISLES, before=NONE),
        "2.hxs": publish(ONE, REED_ISLES),
        "neighbour.hxs": publish(ONE, LANTERN_BAY),
        "stranger.hxs": publish(ONE, CLOUD_FERRY),
        "own.hxs": publish(Held(ListName("QV", URI), 1, ONE.found, NOW, NOW + DAY), LANTERN_BAY),
        "no.hxs": b"HXS\x01",
    }
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
    return Terminal(tmp_path)


def verified(terminal, *files, at=NOW, **variables):
    given = [word for name in files for word in ("--status", terminal.folder / name)]
    return terminal.run(
        "verify", CARD, "--trust", terminal.folder / "regions.json", *given, "--environment", "production",
        "--at", at.isoformat().replace("+00:00", "Z"), **variables,
    )  # fmt: skip


def test_a_withdrawn_card_is_refused_as_at_the_node_that_withdrew_it(terminal):
    result = verified(terminal, "2.hxs")
    assert result.exit_code == 1
    assert "issuer withdrew this card" in result.stdout
    assert "signed 0 minutes ago" in result.stdout
    assert "no list loaded" not in result.stdout


def test_a_card_that_nobody_withdrew_is_genuine_and_the_age_of_the_set_is_told(terminal):
    result = verified(terminal, "1.hxs", HUXIN_LANG="zh")
    assert result.exit_code == 0
    assert "24 小时前签的" in result.stdout


def test_what_was_added_follows_on_the_set_before(terminal):
    assert verified(terminal, "1.hxs", "2.delta").exit_code == 1
    alone = verified(terminal, "2.delta")
    assert alone.exit_code == 1
    assert "[bad-input]" in alone.stderr
    assert "2.delta: a delta that skips one" in alone.stderr


@pytest.mark.parametrize(
    ("files", "code"),
    [
        (["neighbour.hxs"], "signature"),
        (["stranger.hxs"], "signature"),
        (["no.hxs"], "bad-input"),
        (["2.hxs", "1.hxs"], "bad-input"),
    ],
    ids=["another region's key", "a key that nobody believes", "no set", "an older one"],
)
def test_a_set_that_is_not_that_regions_is_refused(terminal, files, code):
    result = verified(terminal, *files)
    assert result.exit_code == 1
    assert f"[{code}]" in result.stderr
    assert f"The status set {files[-1]} cannot be used" in result.stderr
    assert f"{files[-1]}: " in result.stderr
    assert result.stdout == ""


def test_a_set_whose_next_one_was_due_is_refused(terminal):
    result = verified(terminal, "2.hxs", at=NOW + 2 * DAY)
    assert result.exit_code == 1
    assert "[expired]" in result.stderr


def test_another_regions_list_withdraws_nothing_here_and_the_card_counts_as_not_looked_up(terminal):
    result = verified(terminal, "own.hxs")
    assert result.exit_code == 0
    assert "no list loaded, not looked up" in result.stdout


def test_programs_read_what_was_looked_up(terminal):
    words = [
        "verify",
        CARD,
        "--trust",
        terminal.folder / "regions.json",
        "--environment",
        "production",
    ]
    lists = terminal.folder / "rid.json"
    lists.write_text("[]", "utf-8")
    aged = terminal.json(*words, "--status", terminal.folder / "1.hxs", "--revoked", lists)
    assert aged["revocations_looked_up"] is True
    assert aged["status_set"] == {
        "as_of": "2026-11-22T10:00:00Z",
        "age_hours": 24,
        "overdue": False,
    }
    without = terminal.json(*words)
    assert (without["revocations_looked_up"], without["status_set"]) == (False, None)
    both = terminal.json(*words, "--status", terminal.folder / "2.hxs", "--revoked", lists)
    assert (both["code"], both["layer"]) == ("revoked", "status")


def test_what_cannot_be_read_was_not_looked_up(terminal):
    words = ["verify", "HC1:XX", "--trust", terminal.folder / "regions.json"]
    words += ["--environment", "production"]
    told = terminal.json(*words, "--status", terminal.folder / "1.hxs")
    assert (told["revocations_looked_up"], told["status_set"]) == (False, None)


def test_a_set_that_is_refused_is_told_to_programs_without_blaming_the_card(terminal):
    words = [
        "verify",
        CARD,
        "--trust",
        terminal.folder / "regions.json",
        "--environment",
        "production",
    ]
    told = terminal.json(*words, "--status", terminal.folder / "stranger.hxs")["refused"]
    assert told["code"] == "signature"
    assert "card" not in told["text"] + told["next"]


def test_cases_in_a_file_say_themselves_what_was_withdrawn(terminal):
    result = terminal.run("verify", "--jsonl", "-", "--status", terminal.folder / "1.hxs")
    assert result.exit_code == 2
    assert "stands in its lines" in result.stderr
