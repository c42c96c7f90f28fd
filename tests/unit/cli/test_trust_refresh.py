"""`huxin trust refresh`, and cards verified with what it holds: answers in words, exit status, JSON."""

import subprocess
import sys
import threading
from datetime import timedelta
from functools import partial
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from huxin.adapters.trust_bundle import pack
from huxin.adapters.trust_repository import files_of
from huxin.cli.list_age import age_in_words, told_age
from huxin.cli.speech import Speech
from huxin.trust.federation.freshness import Freshness
from huxin.trust.issue import issue
from tests.lib.federations import DAY, HOUR, NOW, Federation, key_row, keys_file, text
from tests.lib.regions import Region, facts
from tests.lib.terminal import Terminal

CARDS = Region("QV", int.from_bytes(sha256(b"QV key 1").digest(), "big") >> 1)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format, *args):
        pass


class Desk:
    """A terminal beside a repository, and the state that it keeps."""

    def __init__(self, folder):
        self.terminal = Terminal(folder, now=text(NOW + HOUR))
        self.place, self.state, self.root = folder / "place", folder / "state", folder / "root.json"
        self.federation = Federation(3)
        rows = [key_row("QV key 1", kid=CARDS.kid)]
        self.federation.contents["QV/keys.cbor"] = keys_file("QV", rows)
        self.federation.publish("region-QV")
        self.federation.write(self.place)
        self.root.write_bytes(self.federation.first_root())

    def words(self, *more, place=None):
        return ("trust", "refresh", "--from", place or self.place, "--state", self.state, *more)

    def run(self, *more, place=None, **variables):
        return self.terminal.run(*self.words(*more, place=place), **variables)

    def json(self, *more, place=None):
        return self.terminal.json(*self.words(*more, place=place))


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def test_a_first_list_is_taken_and_its_root_is_told(desk):
    result = desk.run()
    assert result.exit_code == 0
    assert "✓ signed 60 minutes ago" in result.stdout
    assert "3 regions, 5 keys" in result.stdout
    fingerprint = sha256(desk.federation.first_root()).hexdigest()
    assert fingerprint in result.stdout
    again = desk.run(HUXIN_LANG="zh")
    assert "60 分钟前签的" in again.stdout
    assert "3 个区域，5 把密钥" in again.stdout
    assert fingerprint not in again.stdout


def test_as_data(desk):
    told = desk.json("--root", desk.root)
    assert told["decision"] == "fresh"
    assert told["code"] == ""
    assert told["keys"] == 5
    assert told["versions"] == {
        "emergency": 1, "region-QV": 2, "region-QW": 1, "region-QX": 1, "root": 1, "snapshot": 2,
        "targets": 1, "timestamp": 2,
    }  # fmt: skip
    assert told["signed_at"] == text(NOW)
    assert told["first"] is True


def test_a_bundle_that_was_carried_for_long_is_taken_and_its_age_is_told(desk):
    bundle = desk.place.parent / "list.bundle"
    bundle.write_bytes(pack(files_of(desk.place)))
    result = desk.run("--at", text(NOW + 9 * DAY), place=bundle)
    assert result.exit_code == 3
    assert "! signed 9 days ago" in result.stdout
    assert "update it soon" in result.stdout
    assert "judged as at 2026-12-07" in result.stdout
    # The clock that was moved is not remembered: by the clock on the wall the list is fresh.
    assert desk.json()["decision"] == "fresh"


def test_what_is_refused_is_said_with_what_to_do(desk):
    desk.run()
    before = (desk.state / "accepted.bundle").read_bytes()
    desk.federation.sign("timestamp", by=desk.federation.signers["timestamp"][:1])
    desk.federation.write(desk.place)
    result = desk.run()
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "[trust-threshold]" in result.stderr
    assert "→ Please let the members sign" in result.stderr
    told = desk.json()
    assert (told["decision"], told["code"]) == ("refused", "trust-threshold")
    assert (told["versions"], told["keys"]) == ({}, 0)
    assert (desk.state / "accepted.bundle").read_bytes() == before


def test_what_is_not_there_is_refused_and_wrong_usage_is_status_2(desk):
    assert desk.json(place=desk.place / "nowhere")["code"] == "trust-source"
    assert desk.terminal.run("trust", "refresh", "--from", desk.place).exit_code == 2
    desk.root.write_bytes(bytes(2_000_001))
    assert desk.json("--root", desk.root)["code"] == "too-big"


def test_a_moved_clock_of_the_surroundings_is_refused_in_earnest(desk):
    result = desk.run(HUXIN_ENVIRONMENT="production")
    assert result.exit_code == 1
    assert "[bad-input]" in result.stderr
    assert not (desk.state / "accepted.bundle").exists()


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_an_address_needs_a_root_from_elsewhere(desk):
    handler = partial(Quiet, directory=str(desk.place))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{server.server_address[1]}/"
        assert desk.json(place=address)["code"] == "trust-pin"
        assert desk.json("--root", desk.root, place=address)["decision"] == "fresh"
        # From then on it is known whom to believe.
        assert desk.json(place=address)["decision"] == "fresh"
        server.shutdown()
        thread.join()


# ---------------------------------------------------------------------------------- huxin verify


def card(**changes):
    return issue(facts(), CARDS, now=NOW).text


def verified(desk, *more, **variables):
    words = ("verify", card(), "--trust-state", desk.state, "--environment", "production", *more)
    return desk.terminal.run(*words, **variables)


def test_a_card_is_verified_with_what_is_held(desk):
    desk.run()
    result = verified(desk)
    assert result.exit_code == 0
    assert "Genuine" in result.stdout
    assert "signed 60 minutes ago" in result.stdout
    old = verified(desk, "--at", text(NOW + 20 * DAY), HUXIN_LANG="zh")
    assert old.exit_code == 0
    assert "20 天前签的 · 手里的信任清单旧了" in old.stdout
    assert "满三十天就不能用了" in old.stdout
    assert "三十天" not in verified(desk, "--at", text(NOW + 3 * DAY), HUXIN_LANG="zh").stdout


def test_the_age_of_the_list_is_told_as_data(desk):
    desk.run()
    words = ("verify", card(), "--trust-state", desk.state, "--environment", "production")
    told = desk.terminal.json(*words, "--at", text(NOW + 3 * DAY))
    assert told["list"] == {"decision": "stale", "code": "trust-stale", "age_hours": 72}


def test_with_a_list_that_is_too_old_nothing_is_judged(desk):
    desk.run()
    result = verified(desk, "--at", text(NOW + 31 * DAY))
    assert result.exit_code == 1
    assert "[trust-old]" in result.stderr


def test_a_state_that_holds_nothing_is_said(desk):
    desk.state.mkdir()
    assert "[trust-missing]" in verified(desk).stderr


def test_a_buried_key_verifies_nothing_after_the_next_refresh(desk):
    desk.run()
    desk.federation.set_keys("QV", "QV key 2", graves=("QV key 1",))
    desk.federation.publish("region-QV", later=HOUR)
    desk.federation.write(desk.place)
    desk.run("--at", text(NOW + 2 * HOUR))
    result = verified(desk, "--at", text(NOW + 2 * HOUR))
    assert result.exit_code != 0


def test_verifying_does_not_load_the_tuf_library():
    asks = "import sys, huxin.cli.main; sys.exit(bool({'tuf', 'securesystemslib', 'urllib3'} & {*sys.modules}))"
    assert subprocess.run([sys.executable, "-c", asks], check=False).returncode == 0


def test_a_file_and_a_list_do_not_go_together(desk):
    desk.run()
    file = desk.place.parent / "regions.json"
    file.write_text("{}")
    result = verified(desk, "--trust", file)
    assert result.exit_code == 2
    assert "not both" in result.stderr
    # Where the surroundings name a file and the person a list, the person decides.
    assert verified(desk, HUXIN_TRUST=str(file)).exit_code == 0


# ---------------------------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("age", "zh", "en"),
    [
        (timedelta(seconds=-5), "0 分钟", "0 minutes"),
        (timedelta(minutes=119), "119 分钟", "119 minutes"),
        (timedelta(hours=2), "2 小时", "2 hours"),
        (timedelta(hours=47), "47 小时", "47 hours"),
        (timedelta(hours=48), "2 天", "2 days"),
        (timedelta(days=29), "29 天", "29 days"),
    ],
)
def test_an_age_is_said_as_people_say_it(age, zh, en):
    assert age_in_words(age, Speech("zh")) == zh
    assert age_in_words(age, Speech("en")) == en


def test_a_fresh_list_says_its_age_and_no_more():
    assert told_age(Freshness("fresh", "", HOUR), Speech("en")) == "signed 60 minutes ago"
