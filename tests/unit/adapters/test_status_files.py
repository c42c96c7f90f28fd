"""Status sets as files: what they are called, and what becomes of those that came with a trust list."""

from dataclasses import replace
from datetime import timedelta

import pytest

from huxin.adapters import status_files
from huxin.adapters.status_files import (
    SetFileError,
    file_name,
    held_in,
    is_status_name,
    read_whole,
    take_carried,
)
from huxin.kernel.errors import RefusalError
from huxin.trust.status.index_set import IndexSet
from huxin.trust.status.signed_set import Held, ListName, publish
from tests.lib.regions import CLOUD_FERRY, LANTERN_BAY, NOW, REED_ISLES

DAY = timedelta(days=1)
NAME = ListName("QW", "https://node.example.org/status/1")
ONE = Held(NAME, 1, IndexSet.of((5,)), NOW, NOW + 2 * DAY)
TWO = Held(NAME, 2, IndexSet.of((5, 77)), NOW + DAY, NOW + 3 * DAY)
NEXT_LIST = Held(ListName("QW", "https://node.example.org/status/2"), 1, ONE.found, NOW, NOW + DAY)
KEYS = [REED_ISLES.anchor(), LANTERN_BAY.anchor()]


def files(*held, by=REED_ISLES):
    return {file_name(one.name): publish(one, by) for one in held}


def came(sets, kept=(), *, now=NOW + DAY, list_at=NOW):
    return take_carried(sets, dict(kept), keys=KEYS, now=now, list_at=list_at)


def indices(found):
    return {one.name: one.found.indices for one in held_in(found.files)}


def test_a_name_says_nothing_and_no_two_lists_share_one():
    name = file_name(NAME)
    assert is_status_name(name)
    assert "node" not in name
    other = ListName("Q", "Whttps://node.example.org/status/1")
    assert len({name, file_name(other), file_name(NEXT_LIST.name)}) == 3
    for wrong in ("status/x.hxs", f"{name}x", f"../{name}", f"status/{'A' * 64}.hxs", 1, None):
        assert not is_status_name(wrong)


def test_sets_are_taken_and_stay_beside_those_of_other_lists():
    first = came(files(ONE))
    assert (first.taken, first.refused, indices(first)) == (1, (), {NAME: (5,)})
    both = came(
        files(TWO, NEXT_LIST), first.files, now=NOW + DAY / 2 + DAY / 2 - timedelta(seconds=1)
    )
    assert both.taken == 2
    assert indices(both) == {NAME: (5, 77), NEXT_LIST.name: (5,)}


@pytest.mark.parametrize("again", [ONE, TWO], ids=["an older one", "the same one"])
def test_what_is_not_newer_than_what_is_held_is_no_fault_and_no_news(again):
    held = came(files(TWO))
    after = came(files(again), held.files)
    assert (after.taken, after.refused, after.files) == (0, (), held.files)


def test_a_set_that_came_late_counts_as_at_the_instant_of_its_list():
    late = came(files(ONE), now=NOW + 9 * DAY, list_at=NOW)
    assert (late.taken, indices(late)) == (1, {NAME: (5,)})
    newer_than_the_list = came(files(TWO), now=NOW + 9 * DAY, list_at=NOW)
    assert newer_than_the_list.taken == 1
    over_by_then = came(files(ONE), now=NOW + 9 * DAY, list_at=NOW + 2 * DAY)
    assert [code for _, code in over_by_then.refused] == ["expired"]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        (file_name(NAME), publish(TWO, LANTERN_BAY), "signature"),
        (file_name(NAME), publish(TWO, CLOUD_FERRY), "signature"),
        (file_name(NAME), publish(replace(TWO, version=3), REED_ISLES, before=TWO), "bad-input"),
        (file_name(NAME), publish(replace(TWO, found=IndexSet.of((77,))), REED_ISLES), "bad-input"),
        (file_name(NEXT_LIST.name), publish(TWO, REED_ISLES), "bad-input"),
        (file_name(NAME), b"", "bad-input"),
        (file_name(NAME), publish(replace(TWO, next_update=NOW + DAY), REED_ISLES), "expired"),
    ],
    ids=["another region's key", "a stranger's key", "a delta", "gives a place back", "under another name", "nothing",
         "over before it begins"],
)  # fmt: skip
def test_a_set_that_is_refused_leaves_what_is_held(name, data, code):
    held = came(files(ONE))
    after = came({name: data}, held.files)
    assert (after.taken, after.refused, after.files) == (0, ((name, code),), held.files)


def test_sets_never_take_the_room_of_the_list(monkeypatch):
    held = came(files(ONE))
    room = sum(map(len, held.files.values())) + 100
    monkeypatch.setattr(status_files, "MOST_TOTAL", room)
    after = came(files(NEXT_LIST), held.files, now=NOW)
    assert [code for _, code in after.refused] == ["too-big"]
    assert after.files == held.files
    assert came(files(TWO), held.files).taken == 1  # in the place of the one before


def test_other_files_are_none_of_ours_and_a_spoilt_set_is_told():
    assert came({}, {"metadata/1.root.json": b"x"}).files == {}
    with pytest.raises(RefusalError, match="trust-file: status: "):
        came({}, {file_name(NAME): b"spoilt"})


def test_what_is_packed_is_whole_signed_and_new_enough(tmp_path):
    def packed(*data):
        paths = [tmp_path / f"{number}.hxs" for number in range(len(data))]
        for path, one in zip(paths, data, strict=True):
            path.write_bytes(one)
        return read_whole(paths, keys=KEYS, now=NOW + DAY)

    one, two = publish(ONE, REED_ISLES), publish(TWO, REED_ISLES)
    assert packed(one, two) == {file_name(NAME): two}
    delta = publish(TWO, REED_ISLES, before=ONE)
    for wrong, code in (
        ((one, delta), "bad-input"),
        ((two, one), "bad-input"),
        ((publish(ONE, CLOUD_FERRY),), "signature"),
    ):
        with pytest.raises(SetFileError) as refused:
            packed(*wrong)
        assert refused.value.refusal.code == code
        assert refused.value.name == f"{len(wrong) - 1}.hxs"
