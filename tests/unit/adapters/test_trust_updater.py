import pytest
from tuf.ngclient import Updater, UpdaterConfig

from huxin.adapters import trust_updater
from huxin.adapters.trust_source import Bundle, Fetcher
from huxin.adapters.trust_updater import Start, verified
from huxin.kernel.errors import RefusalError
from huxin.trust.federation.layout import MOST_TIMESTAMP
from tests.lib.federations import DAY, HOUR, NOW, Federation


def taken(federation, folder, instant=NOW + HOUR, start=None):
    fetcher = Fetcher(Bundle(federation.files), {})
    start = start or Start(federation.first_root())
    return verified(fetcher, start, instant=instant, stage=folder)


def code(*given, **named):
    with pytest.raises(RefusalError) as caught:
        taken(*given, **named)
    return caught.value.refusal.code


def test_the_library_still_keeps_its_clock_where_we_set_it(tmp_path):
    """`_updater_at` sets a private attribute; if the library renames it, this fails before anybody is misled."""
    federation = Federation(1)
    fetcher = Fetcher(Bundle(federation.files), {})
    updater = Updater(
        str(tmp_path), "metadata/", None, None, fetcher, UpdaterConfig(),
        bootstrap=federation.first_root(),
    )  # fmt: skip
    trusted = vars(updater)["_trusted_set"]
    assert vars(trusted)["reference_time"].tzinfo is not None
    # And it is what counts: years after all has expired, the library takes the list as at that day.
    assert taken(federation, tmp_path / "then").repository.roles["root"].version == 1


def test_a_library_without_that_place_is_not_used_at_all(tmp_path, monkeypatch):
    class Renamed:
        __slots__ = ("clock",)

    class Other:
        def __init__(self, *given, **named):
            self._trusted_set = Renamed()

    monkeypatch.setattr(trust_updater, "Updater", Other)
    with pytest.raises(AttributeError):
        taken(Federation(1), tmp_path)


def test_an_instant_after_everything_is_over_finds_the_root_expired(tmp_path):
    federation = Federation(1)
    federation.sign("timestamp", expires=NOW + 400 * DAY)
    assert code(federation, tmp_path, NOW + 399 * DAY) == "trust-expired"


def test_what_was_verified_is_given_with_its_files(tmp_path):
    federation = Federation(2)
    found = taken(federation, tmp_path)
    assert found.files == federation.files
    assert found.repository.targets == federation.contents


def test_a_role_of_the_same_instant_as_the_timestamp_has_not_expired(tmp_path):
    federation = Federation(1)
    federation.sign("region-QV", expires=NOW + 2 * DAY)
    federation.publish()
    assert (
        taken(federation, tmp_path / "a", NOW + 5 * DAY).repository.roles["region-QV"].version == 2
    )
    federation.sign("region-QV", expires=NOW + DAY)
    federation.publish()
    found = taken(federation, tmp_path / "b", NOW + 5 * DAY)
    assert found.ended == {"region-QV"}
    assert "region-QV" not in found.repository.roles


def test_an_held_timestamp_of_the_same_version_is_kept_and_its_end_is_looked_at(tmp_path):
    federation = Federation(1)
    held = federation.files["metadata/timestamp.json"]
    federation.sign("region-QV", expires=NOW + DAY, version=1)
    federation.sign("snapshot", version=1)
    federation.sign("timestamp", version=1, expires=NOW + DAY - HOUR)
    early = federation.files["metadata/timestamp.json"]
    start = Start(federation.first_root(), timestamp=held)
    # The place offers one that ends earlier; had that end counted, the region's would not have been reached.
    federation.files["metadata/timestamp.json"] = early
    assert code(federation, tmp_path, NOW + 2 * DAY, start) in ("trust-expired", "trust-mismatch")


def test_more_roles_than_a_federation_may_have(tmp_path, monkeypatch):
    monkeypatch.setattr(trust_updater, "MOST_REGIONS", 1)
    assert code(Federation(2), tmp_path) == "too-big"


def test_more_files_than_a_federation_may_have(tmp_path, monkeypatch):
    monkeypatch.setattr(trust_updater, "_MOST_TARGETS", 3)
    assert code(Federation(2), tmp_path) == "too-big"


def test_a_council_of_thirteen_still_fits_its_timestamp(tmp_path):
    regions = [f"Q{one}" for one in "ABCDEFGHIJKLM"]
    federation = Federation(regions)
    assert len(federation.files["metadata/timestamp.json"]) < MOST_TIMESTAMP / 4
    assert len(taken(federation, tmp_path).repository.roles) == 18


def held_snapshot(federation):
    files = federation.files
    timestamp = files["metadata/timestamp.json"]
    return Start(federation.first_root(), timestamp, files["metadata/1.snapshot.json"])


def stated(**changes):
    return lambda signed: signed["meta"]["snapshot.json"].update(changes)


@pytest.mark.parametrize("change", [{"hashes": {"sha256": "0" * 64}}, {"length": 7}], ids=["hash", "length"])  # fmt: skip
def test_a_held_snapshot_is_not_the_last_one_unless_the_timestamp_says_so(tmp_path, change):
    federation = Federation(1)
    start = held_snapshot(federation)
    federation.sign("timestamp", change=stated(**change))
    assert code(federation, tmp_path, start=start) == "trust-mismatch"


def test_a_held_snapshot_that_fits_is_lent(tmp_path):
    federation = Federation(1)
    start = held_snapshot(federation)
    federation.sign("timestamp")
    del federation.files["metadata/1.snapshot.json"]
    assert taken(federation, tmp_path, start=start).repository.roles["timestamp"].version == 2


def anew(federation, change=lambda _: None):
    """The second snapshot once more with other bytes, and a timestamp that names these."""
    federation.sign("snapshot", version=2, change=change)
    federation.sign("timestamp")


def test_a_snapshot_that_was_signed_anew_under_its_version_is_asked_for_and_compared(tmp_path):
    federation = Federation(2)
    federation.publish("region-QV")
    held = federation.files["metadata/timestamp.json"], federation.files["metadata/2.snapshot.json"]
    start = Start(federation.first_root(), *held)
    federation.now += HOUR
    anew(federation)
    found = taken(federation, tmp_path / "a", federation.now, start)
    assert found.files["metadata/2.snapshot.json"] != held[1]
    anew(federation, lambda signed: signed["meta"]["region-QV.json"].update(version=1))
    federation.put("region-QV", Federation(2).files["metadata/1.region-QV.json"], version=1)
    assert code(federation, tmp_path / "b", federation.now, start) == "trust-rollback"
    anew(federation, lambda signed: signed["meta"].pop("region-QV.json"))
    assert code(federation, tmp_path / "c", federation.now, start) == "trust-missing"


def test_without_a_timestamp_nothing_is_said_of_a_held_snapshot(tmp_path):
    federation = Federation(1)
    start = held_snapshot(federation)
    del federation.files["metadata/timestamp.json"]
    assert code(federation, tmp_path, start=start) == "trust-missing"
