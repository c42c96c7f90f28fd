"""What is tried against a trust list, and the answer to each: refused, and nothing is changed by it.

The table stands in `tests/lib/trust_attacks.py`; here each attack meets a verifier that holds an honest list.  After
it the verifier holds, byte for byte, what it held, and the next honest list is taken.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from huxin.adapters.trust_bundle import open_bundle, pack
from huxin.adapters.trust_refresh import Refreshed, refresh
from huxin.adapters.trust_repository import files_of
from huxin.adapters.trust_source import Bundle, Folder
from huxin.adapters.trust_state import read_held, read_store, take_policy
from huxin.kernel.crypto import PrivateKey
from huxin.kernel.errors import RefusalError
from huxin.trust.federation.policy import LocalPolicy
from huxin.trust.federation.region_keys import parse_region_keys
from tests.lib.federations import DAY, HOUR, NOW, Federation
from tests.lib.policies import write_policy
from tests.lib.trust_attacks import ATTACKS, Attack


def look(place: Path, state: Path, now=NOW + HOUR, root: bytes | None = None) -> Refreshed:
    return refresh(Folder(place), state, root=root, now=now)


def refused(place: Path, state: Path, now=NOW + HOUR, root: bytes | None = None) -> str:
    """The code with which a place is refused; nothing in the state may change by it."""
    before = contents(state)
    with pytest.raises(RefusalError) as caught:
        look(place, state, now, root)
    assert contents(state) == before
    return caught.value.refusal.code


def contents(state: Path) -> dict[str, bytes]:
    """All that is in a state, but for the lock, which is empty."""
    paths = state.rglob("*") if state.exists() else ()
    return {
        path.name: path.read_bytes() for path in paths if path.is_file() and path.name != "lock"
    }


def begun(size: int) -> Federation:
    """A federation as the verifier met it: the second snapshot, and a key of QX that was buried."""
    federation = Federation(size)
    if size >= 3:
        federation.set_keys("QX", "QX key 2", graves=("QX key 1",))
    federation.publish("targets", "emergency", *(f"region-{one}" for one in federation.regions))
    return federation


# -------------------------------------------------------------------------------------- the table


@pytest.mark.parametrize("tried", ATTACKS, ids=lambda one: one.title)
def test_it_is_refused_and_changes_nothing(tried: Attack, tmp_path):
    place, state = tmp_path / "place", tmp_path / "state"
    federation = begun(tried.size)
    federation.write(place)
    look(place, state)
    honest = federation.copy()
    federation.publish("region-QV", later=2 * HOUR)
    tried.do(federation)
    federation.write(place)
    assert refused(place, state, federation.now + HOUR) == tried.code
    # The honest members go on, and the verifier with them.
    honest.set_keys("QV", "QV key 5")
    honest.publish("region-QV", later=4 * HOUR)
    honest.write(place)
    assert look(place, state, honest.now + HOUR).freshness.decision == "fresh"


def test_the_table_is_as_long_as_was_promised():
    assert len(ATTACKS) >= 35
    assert len({one.title for one in ATTACKS}) == len(ATTACKS)


# What goes back behind what is held cannot be seen by one who holds nothing; all else can.
SEEN_BY_ALL = [
    one
    for one in ATTACKS
    if one.code not in ("trust-rollback", "trust-tombstone") and "dropped from" not in one.title
]


@pytest.mark.parametrize("tried", SEEN_BY_ALL, ids=lambda one: one.title)
def test_nor_is_it_taken_by_a_verifier_that_holds_nothing(tried: Attack, tmp_path):
    place, state = tmp_path / "place", tmp_path / "state"
    federation = begun(tried.size)
    root = federation.first_root()
    federation.publish("region-QV", later=2 * HOUR)
    tried.do(federation)
    federation.write(place)
    assert refused(place, state, federation.now + HOUR, root) == tried.code


# ------------------------------------------------------------------------------------- good lists


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_a_federation_of_any_size_is_taken_and_followed(size, tmp_path):
    place, state = tmp_path / "place", tmp_path / "state"
    federation = Federation(size)
    federation.write(place)
    met = look(place, state)
    assert met.first
    assert (met.freshness.decision, met.keys) == ("fresh", 2 * size)
    federation.set_keys("QV", "QV key 1", "QV key 2", "QV key 3")
    federation.publish("region-QV", later=5 * HOUR)
    federation.write(place)
    met = look(place, state, federation.now + HOUR)
    assert not met.first
    assert (met.versions["region-QV"], met.versions["timestamp"], met.keys) == (2, 2, 2 * size + 1)
    store = read_store(state, environment="production", now=federation.now + HOUR)
    assert len(store) == 2 * size + 1
    assert store.as_of == federation.now


def test_a_root_is_followed_over_many_versions(tmp_path):
    place, state = tmp_path / "place", tmp_path / "state"
    federation = Federation(3)
    federation.write(place)
    look(place, state)
    for number in range(1, 4):
        federation.drop_signer("root")
        federation.add_signer(
            "root", federation.named(f"new {number}", federation.regions[number - 1])
        )
        before = [federation.named(f"{one} root", one) for one in federation.regions]
        federation.sign("root", by=[*before, *federation.signers["root"][-number:]])
    federation.publish(later=HOUR)
    federation.write(place)
    assert look(place, state, federation.now + HOUR).versions["root"] == 4
    held = read_held(state)
    assert held is not None
    assert {f"metadata/{number}.root.json" for number in range(1, 5)} <= held.files.keys()


# ---------------------------------------------------------------------------- age, and the clock


def test_a_bundle_that_was_carried_for_a_week_counts_with_its_age(tmp_path):
    place, state = tmp_path / "place", tmp_path / "state"
    Federation(3).write(place)
    met = look(place, state, NOW + 8 * DAY)
    assert (met.freshness.decision, met.freshness.code) == ("stale", "trust-stale")
    assert (met.freshness.age, met.freshness.warn) == (8 * DAY, False)


def test_after_thirty_days_it_is_too_old_and_the_state_stays_empty(tmp_path):
    place, state = tmp_path / "place", tmp_path / "state"
    Federation(3).write(place)
    assert refused(place, state, NOW + 30 * DAY + HOUR) == "trust-old"
    assert look(place, state, NOW + 30 * DAY).freshness.decision == "stale"


def test_a_clock_that_was_put_back_is_told_and_brings_nothing_expired_to_life(tmp_path):
    place, state = tmp_path / "place", tmp_path / "state"
    federation = Federation(3)
    federation.write(place)
    look(place, state, NOW + 2 * HOUR)
    assert look(place, state, NOW - DAY).freshness.code == "trust-clock"
    federation.sign("region-QW", expires=NOW + 3 * HOUR / 2)
    federation.publish(later=HOUR)
    federation.write(place)
    # Where the clock stands, the region's role still seems in force; by what was seen, it is over.
    told = look(place, state, NOW - DAY)
    assert (told.freshness.code, told.ended) == ("trust-clock", ("QW",))


# ------------------------------------------------------------------------------- one that forgot


def believed(state: Path, now) -> set[str | None]:
    store = read_store(state, environment="production", now=now)
    return {one.region for one in store if one.standing == "active"}


def test_a_region_that_let_its_role_end_stops_nobody_else(tmp_path):
    place, state = tmp_path / "place", tmp_path / "state"
    federation = begun(3)
    federation.write(place)
    look(place, state)
    everybody = believed(state, NOW + HOUR)
    federation.sign("region-QX", expires=NOW + HOUR)
    federation.publish(later=2 * HOUR)
    federation.write(place)
    told = look(place, state, NOW + 3 * HOUR)
    assert (told.freshness.decision, told.ended) == ("fresh", ("QX",))
    assert "region-QX" not in told.versions
    assert believed(state, NOW + 3 * HOUR) == everybody - {"QX"}

    # What it buried stays buried: it cannot come back with the key, nor without its tombstone.
    honest = federation.copy()
    federation.set_keys("QX", "QX key 1")
    federation.publish("region-QX")
    federation.write(place)
    assert refused(place, state, NOW + 4 * HOUR) == "trust-tombstone"
    honest.publish("region-QX")
    honest.write(place)
    assert look(place, state, NOW + 4 * HOUR).ended == ()
    assert believed(state, NOW + 4 * HOUR) == everybody


# -------------------------------------------------------------------------------- fast-forward


def fast_forwarded(tmp_path: Path) -> tuple[Path, Path, Federation, Federation]:
    """Thieves of the witnesses' keys have pushed versions far ahead, and the verifier has followed."""
    place, state = tmp_path / "place", tmp_path / "state"
    federation = Federation(3)
    federation.write(place)
    look(place, state)
    honest = federation.copy()
    federation.now += HOUR
    federation.sign("snapshot", version=2**31)
    federation.sign("timestamp", version=2**31)
    federation.write(place)
    look(place, state, federation.now + HOUR)
    return place, state, federation, honest


def test_after_a_fast_forward_no_honest_list_is_taken_until_keys_change(tmp_path):
    place, state, _, honest = fast_forwarded(tmp_path)
    honest.publish("region-QV", later=3 * HOUR)
    honest.write(place)
    assert refused(place, state, honest.now + HOUR) == "trust-rollback"


@pytest.mark.parametrize("changed", [1, 3], ids=["one witness of three", "all witnesses"])
def test_new_keys_of_the_witnesses_undo_a_fast_forward(changed, tmp_path):
    place, state, _, honest = fast_forwarded(tmp_path)
    for number in range(changed):
        for role in ("snapshot", "timestamp"):
            honest.drop_signer(role)
            honest.add_signer(role, honest.named(f"new witness {number}", honest.regions[number]))
    honest.publish("root", "region-QV", later=3 * HOUR)
    honest.write(place)
    met = look(place, state, honest.now + HOUR)
    assert (met.versions["root"], met.versions["timestamp"], met.versions["snapshot"]) == (2, 2, 2)


def test_new_keys_of_the_witnesses_are_no_way_back_in_time(tmp_path):
    place, state = tmp_path / "place", tmp_path / "state"
    federation = Federation(3)
    older = federation.copy()
    federation.publish("region-QV", later=5 * HOUR)
    federation.write(place)
    look(place, state, federation.now + HOUR)
    # The root changes one witness; the two others are dishonest and sign what was true five hours ago.
    for role in ("snapshot", "timestamp"):
        older.drop_signer(role)
        older.add_signer(role, older.named("new witness", "QV"))
    older.publish("root")
    older.publish()
    older.write(place)
    assert refused(place, state, federation.now + HOUR) == "trust-rollback"


@pytest.mark.parametrize("role", ["region-QV", "targets", "emergency"])
def test_new_keys_of_the_witnesses_take_no_other_role_back(role, tmp_path):
    place, state = tmp_path / "place", tmp_path / "state"
    federation = Federation(3)
    older = federation.copy()
    federation.publish(role)
    federation.write(place)
    look(place, state, federation.now + HOUR)
    # An office that knows nothing of it goes on from its backup, with new witnesses.
    for one in ("snapshot", "timestamp"):
        older.drop_signer(one)
        older.add_signer(one, older.named("new witness", "QV"))
    older.publish("root", later=9 * HOUR)
    older.publish()
    older.write(place)
    held = (state / "accepted.bundle").read_bytes()
    with pytest.raises(RefusalError, match=f"older than held: {role}") as caught:
        look(place, state, older.now + HOUR)
    assert caught.value.refusal.code == "trust-rollback"
    assert (state / "accepted.bundle").read_bytes() == held


def test_officers_who_change_and_sign_anew_under_the_same_version_are_asked_for_again(tmp_path):
    place, state = tmp_path / "place", tmp_path / "state"
    federation = Federation(3)
    federation.write(place)
    look(place, state)
    for number in range(3):
        federation.drop_signer("region-QV")
        federation.add_signer("region-QV", federation.named(f"QV new officer {number}"))
    federation.now += HOUR
    federation.sign("targets")
    federation.sign("region-QV", version=1)
    federation.publish()
    federation.write(place)
    assert look(place, state, federation.now + HOUR).versions["region-QV"] == 1


def test_new_officers_and_witnesses_undo_a_fast_forward_of_one_region(tmp_path):
    place, state = tmp_path / "place", tmp_path / "state"
    federation = Federation(3)
    federation.write(place)
    look(place, state)
    honest = federation.copy()
    federation.now += HOUR
    federation.sign("region-QV", version=2**31)
    federation.publish()
    federation.write(place)
    look(place, state, federation.now + HOUR)
    honest.publish("region-QV", later=3 * HOUR)
    honest.publish()
    honest.write(place)
    assert refused(place, state, honest.now + HOUR) == "trust-rollback"
    for number in range(3):
        honest.drop_signer("region-QV")
        honest.add_signer("region-QV", honest.named(f"QV new officer {number}"))
    for role in ("snapshot", "timestamp"):
        honest.drop_signer(role)
        honest.add_signer(role, honest.named("new witness", "QV"))
    honest.publish("root", "targets", "region-QV")
    honest.write(place)
    assert look(place, state, honest.now + HOUR).versions["region-QV"] == 3


# --------------------------------------------------------------------------------- first contact


def test_a_folder_without_a_first_root_begins_nothing(tmp_path):
    place, state = tmp_path / "place", tmp_path / "state"
    Federation(2).write(place)
    (place / "metadata" / "1.root.json").unlink()
    assert refused(place, state) == "trust-pin"
    (place / "metadata" / "1.root.json").mkdir()
    assert refused(place, state) == "trust-source"


def test_another_first_root_than_the_one_begun_with_is_refused(tmp_path):
    place, state = tmp_path / "place", tmp_path / "state"
    federation = Federation(3)
    federation.write(place)
    look(place, state, root=federation.first_root())
    stranger = Federation(3, seed="elsewhere ")
    assert refused(place, state, root=stranger.first_root()) == "trust-pin"
    stranger.write(place)
    # Another federation's files, to a verifier that has met this one.
    assert refused(place, state) != ""


def test_a_first_root_from_elsewhere_is_held_to_by_the_rest(tmp_path):
    place, state = tmp_path / "place", tmp_path / "state"
    Federation(3, seed="elsewhere ").write(place)
    assert refused(place, state, root=Federation(3).first_root()) == "trust-threshold"
    assert refused(place, state, root=b"{}") == "trust-file"


def test_a_first_root_that_too_few_signed(tmp_path):
    place, state = tmp_path / "place", tmp_path / "state"
    federation = Federation(3)
    federation.sign("root", version=1, by=federation.signers["root"][:1])
    federation.write(place)
    assert refused(place, state) == "trust-threshold"


# -------------------------------------------------------------------------- what a place decides


def test_a_key_that_a_place_accepts_itself_stays_buried(tmp_path):
    place, state = tmp_path / "place", tmp_path / "state"
    federation = Federation(3)
    lent = parse_region_keys(federation.contents["QX/keys.cbor"])
    federation.set_keys("QX", "QX key 2", graves=("QX key 1",))
    federation.publish("region-QX")
    federation.write(place)
    look(place, state)
    officer = PrivateKey.generate("EdDSA")
    policy = write_policy(LocalPolicy("QZ", 1, accept=(lent,)), [officer])
    take_policy(state, policy, region="QZ", keys=(officer.public,))
    store = read_store(state, environment="production", now=NOW + HOUR)
    standings = sorted(one.standing for one in store if one.region == "QX")
    assert standings == ["active", "tombstoned"]


def test_a_tombstone_outlives_the_region_that_set_it(tmp_path):
    place, state = tmp_path / "place", tmp_path / "state"
    federation = begun(3)
    federation.write(place)
    look(place, state)
    federation.contents["QX/keys.cbor"] = federation.contents["QX/keys.cbor"]
    federation.set_keys("QX", "QX key 1")
    federation.publish("region-QX", later=HOUR)
    federation.write(place)
    assert refused(place, state, federation.now + HOUR) == "trust-tombstone"


# ---------------------------------------------------------------------------------------- bundles


def test_a_bundle_is_the_same_as_its_folder(tmp_path):
    place, state = tmp_path / "place", tmp_path / "state"
    Federation(3).write(place)
    files = files_of(place)
    data = pack(files)
    assert data == pack(dict(reversed(files.items())))
    met = refresh(Bundle(open_bundle(data)), state, root=None, now=NOW + HOUR)
    assert met.keys == 6


def test_what_is_held_can_be_handed_on(tmp_path):
    place = tmp_path / "place"
    federation = Federation(3)
    federation.write(place)
    look(place, tmp_path / "one")
    held = read_held(tmp_path / "one")
    assert held is not None
    met = refresh(Bundle(held.files), tmp_path / "two", root=None, now=NOW + 2 * HOUR)
    assert met.keys == 6
    assert not met.freshness.code
