"""Status sets on a stick: packed beside a list, taken into a state with it, and asked by `huxin verify`."""

from datetime import timedelta
from hashlib import sha256

import pytest

from huxin.adapters.status_files import file_name
from huxin.adapters.trust_bundle import open_bundle, pack
from huxin.trust.credentials.credential import StatusIndex
from huxin.trust.issue import issue
from huxin.trust.status.index_set import IndexSet
from huxin.trust.status.signed_set import Held, ListName, publish
from tests.lib.federations import DAY, HOUR, NOW, Federation, key_row, keys_file, text
from tests.lib.regions import CLOUD_FERRY, Region, facts
from tests.lib.terminal import Terminal

CARDS = Region("QV", int.from_bytes(sha256(b"QV key 1").digest(), "big") >> 1)
NAME = ListName("QV", "https://qv.example.org/status/1")
CARD = issue(facts(), CARDS, now=NOW, status=StatusIndex(NAME.uri, 77)).text
NONE = Held(NAME, 1, IndexSet.of(()), NOW, NOW + 2 * DAY)
ONE = Held(NAME, 2, IndexSet.of((77,)), NOW + HOUR / 2, NOW + HOUR / 2 + 2 * DAY)


class Desk:
    """A repository, the sets that were fetched beside it, and a door with a state."""

    def __init__(self, folder):
        self.folder = folder
        self.terminal = Terminal(folder, now=text(NOW + HOUR))
        federation = Federation(3)
        rows = [key_row("QV key 1", kid=CARDS.kid)]
        federation.contents["QV/keys.cbor"] = keys_file("QV", rows)
        federation.publish("region-QV")
        federation.write(folder / "list")
        self.files = federation.files

    def write(self, name, data):
        path = self.folder / name
        path.write_bytes(data)
        return path

    def bundle(self, out, *held):
        paths = [self.write(f"{one.version}.hxs", publish(one, CARDS)) for one in held]
        words = [word for path in paths for word in ("--status", path)]
        where = ("--repository", self.folder / "list", "--out", self.folder / out)
        return self.terminal.run("trust", "bundle", *where, *words)

    def refresh(self, source, *more):
        state = ("--state", self.folder / "state")
        return self.terminal.run("trust", "refresh", "--from", self.folder / source, *state, *more)

    def verify(self, *more, at=NOW + HOUR):
        state = ("--trust-state", self.folder / "state", "--environment", "production")
        return self.terminal.run("verify", CARD, *state, "--at", text(at), *more)


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def test_a_card_is_refused_with_nothing_but_what_came_on_a_stick(desk):
    assert desk.bundle("list.bundle", ONE).exit_code == 0
    taken = desk.refresh("list.bundle")
    assert taken.exit_code == 0
    assert "status sets held: 1" in taken.stdout
    refused = desk.verify()
    assert refused.exit_code == 1
    assert "issuer withdrew this card" in refused.stdout
    assert "no list loaded" not in refused.stdout


def test_the_same_list_and_sets_are_the_same_bytes(desk):
    for name in ("a.bundle", "b.bundle"):
        assert desk.bundle(name, ONE).exit_code == 0
    data = (desk.folder / "a.bundle").read_bytes()
    assert data == (desk.folder / "b.bundle").read_bytes()
    files = dict(open_bundle(data))
    assert files.pop(file_name(NAME)) == publish(ONE, CARDS)
    assert files.items() <= desk.files.items()


def test_a_set_that_ages_is_asked_all_the_same_and_its_age_is_told(desk):
    desk.bundle("list.bundle", ONE)
    desk.refresh("list.bundle")
    fresh = desk.verify("--lang", "zh")
    assert "30 分钟前签的" in fresh.stdout
    assert "下一期早该来了" not in fresh.stdout
    aged = desk.verify("--lang", "zh", at=NOW + 9 * DAY)
    assert (aged.exit_code, "签发方已撤回" in aged.stdout) == (1, True)
    assert "8 天前签的 · 下一期早该来了" in aged.stdout
    told = desk.terminal.json(
        "verify", CARD, "--trust-state", desk.folder / "state", "--environment", "production",
        "--at", text(NOW + 9 * DAY),
    )["status_set"]  # fmt: skip
    assert told == {"as_of": text(ONE.as_of), "age_hours": 9 * 24 - 1, "overdue": True}


def test_sets_stay_when_the_list_is_renewed_from_elsewhere(desk):
    desk.bundle("list.bundle", ONE)
    desk.refresh("list.bundle")
    assert desk.refresh("list").exit_code == 0  # a folder without sets
    assert desk.verify().exit_code == 1
    desk.bundle("older.bundle", NONE)
    older = desk.refresh("older.bundle")
    assert "not taken" not in older.stdout
    assert desk.verify().exit_code == 1


def test_a_newer_edition_in_a_file_goes_on_from_what_is_held(desk):
    desk.bundle("list.bundle", NONE)
    desk.refresh("list.bundle")
    assert desk.verify().exit_code == 0
    delta = desk.write("2.delta", publish(ONE, CARDS, before=NONE))
    assert desk.verify("--status", delta).exit_code == 1


def test_a_set_that_nobody_may_sign_is_neither_packed_nor_taken_and_never_keeps_the_list_away(desk):
    forged = desk.write("forged.hxs", publish(ONE, CLOUD_FERRY))
    where = ("--repository", desk.folder / "list", "--out", desk.folder / "x.bundle")
    packed = desk.terminal.run("trust", "bundle", *where, "--status", forged)
    assert packed.exit_code == 1
    assert "The status set forged.hxs cannot be used" in packed.stderr
    assert not (desk.folder / "x.bundle").exists()
    name = file_name(NAME)
    desk.write("x.bundle", pack({**desk.files, name: forged.read_bytes()}))
    taken = desk.refresh("x.bundle")
    assert taken.exit_code == 0
    assert f"A status set was not taken: {name} (signature)" in taken.stdout
    told = desk.terminal.json(
        "trust", "refresh", "--from", desk.folder / "x.bundle", "--state", desk.folder / "state"
    )
    assert told["status_sets"] == 0
    assert told["status_sets_refused"] == [{"file": name, "code": "signature"}]
    assert desk.verify().exit_code == 0


def test_what_was_added_is_not_packed_without_what_it_follows(desk):
    delta = desk.write("2.delta", publish(ONE, CARDS, before=NONE))
    where = ("--repository", desk.folder / "list", "--out", desk.folder / "x.bundle")
    assert desk.terminal.run("trust", "bundle", *where, "--status", delta).exit_code == 1


def test_a_stick_that_was_carried_for_a_week_is_read(desk):
    desk.bundle("list.bundle", ONE)
    late = desk.refresh("list.bundle", "--at", text(NOW + timedelta(days=7)))
    assert late.exit_code == 3
    assert "status sets held: 1" in late.stdout
    assert desk.verify(at=NOW + 7 * DAY).exit_code == 1
