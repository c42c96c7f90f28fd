"""New files appear whole or not at all, and nothing is overwritten."""

import errno
import os
import stat

import pytest

from huxin.adapters import intake, output
from huxin.kernel.errors import RefusalError


def refused(path, data=b"new", **wish) -> str:
    with pytest.raises(RefusalError) as error:
        output.write_new(path, data, **wish)
    return error.value.refusal.code


def test_a_new_file_is_written(tmp_path):
    output.write_new(tmp_path / "card.pdf", b"whole")
    assert (tmp_path / "card.pdf").read_bytes() == b"whole"
    assert [one.name for one in tmp_path.iterdir()] == ["card.pdf"]


def test_what_is_private_is_for_its_owner_only(tmp_path):
    output.write_new(tmp_path / "a.key", b"secret", private=True)
    assert stat.S_IMODE((tmp_path / "a.key").stat().st_mode) == 0o600


def test_nothing_is_overwritten(tmp_path):
    path = tmp_path / "a.key"
    path.write_bytes(b"old")
    assert refused(path) == "exists"
    assert path.read_bytes() == b"old"


def test_a_link_that_leads_nowhere_counts_as_a_file(tmp_path):
    path = tmp_path / "a.key"
    path.symlink_to(tmp_path / "elsewhere")
    assert refused(path) == "exists"
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_that_is_not_there(tmp_path):
    assert refused(tmp_path / "no" / "a.key") == "bad-input"


def test_a_crash_between_writing_and_naming_leaves_nothing(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.EIO, "the stick was pulled")

    monkeypatch.setattr(os, "link", full)
    monkeypatch.setattr(type(tmp_path), "rename", full)
    assert refused(tmp_path / "a.key", private=True) == "bad-input"
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_nothing(tmp_path, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert refused(tmp_path / "a.key") == "no-space"
    assert list(tmp_path.iterdir()) == []


def test_a_name_taken_meanwhile_is_left_alone(tmp_path, monkeypatch):
    path = tmp_path / "a.key"

    def slower(_part, _path):
        path.write_bytes(b"another's")
        raise FileExistsError

    monkeypatch.setattr(os, "link", slower)
    assert refused(path) == "exists"
    assert path.read_bytes() == b"another's"


def test_a_stick_without_second_names(tmp_path, monkeypatch):
    def unable(*_):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", unable)
    output.write_new(tmp_path / "a.key", b"whole", private=True)
    assert (tmp_path / "a.key").read_bytes() == b"whole"
    assert [one.name for one in tmp_path.iterdir()] == ["a.key"]


def test_a_stick_without_second_names_and_a_name_taken_meanwhile(tmp_path, monkeypatch):
    path = tmp_path / "a.key"

    def unable(*_):
        path.write_bytes(b"another's")
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", unable)
    assert refused(path) == "exists"
    assert path.read_bytes() == b"another's"


def test_what_a_killed_run_left_unnamed_is_cleared_away(tmp_path, monkeypatch):
    with monkeypatch.context() as plug:
        plug.setattr(type(tmp_path), "unlink", lambda *_, **__: None)  # killed before this
        output.write_new(tmp_path / "00002-a.pdf", b"whole")
    others = ["00002-a.pdf", "notes.part", ".hidden", ".a.part"]
    for name in others[1:]:
        (tmp_path / name).write_text("a person's own")
    assert len(list(tmp_path.iterdir())) == 5
    output.clear_unnamed(tmp_path)
    assert {one.name for one in tmp_path.iterdir()} == set(others)
    with pytest.raises(RefusalError, match="bad-input"):
        output.clear_unnamed(tmp_path / "no")


def test_reading_stops_at_the_limit(tmp_path):
    path = tmp_path / "large"
    path.write_bytes(b"12345")
    assert intake.read(path, limit=5) == b"12345"
    with pytest.raises(RefusalError, match="too-big"):
        intake.read(path, limit=4)


@pytest.mark.parametrize("name", ["no", "."])
def test_what_cannot_be_read_is_refused(tmp_path, name):
    with pytest.raises(RefusalError, match="bad-input"):
        intake.read(tmp_path / name, limit=5)
