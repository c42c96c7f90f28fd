"""Two at the shared list in one second: the later one waits, and is told only where it waits in vain."""

import contextlib

import pytest

from huxin.adapters.trust_repository import only_publisher
from huxin.kernel.errors import RefusalError
from huxin.node.trust.actions import turns


class Other:
    """Another program at the list, which is done after so many pauses."""

    def __init__(self, folder, monkeypatch, pauses):
        self.waited: list[float] = []
        self._left = pauses
        self._at_it = contextlib.ExitStack()
        self._at_it.enter_context(only_publisher(folder))
        monkeypatch.setattr("huxin.node.trust.actions.turns.time.sleep", self._pause)

    def _pause(self, seconds):
        self.waited.append(seconds)
        if len(self.waited) == self._left:
            self._at_it.close()


def publish(folder):
    with only_publisher(folder):
        return "published"


@pytest.mark.parametrize("pauses", [1, 7])
def test_whoever_comes_second_waits_for_the_first(tmp_path, monkeypatch, pauses):
    other = Other(tmp_path, monkeypatch, pauses)
    assert turns.in_turn(lambda: publish(tmp_path)) == "published"
    assert len(other.waited) == pauses


def test_whoever_waits_in_vain_is_told(tmp_path, monkeypatch):
    other = Other(tmp_path, monkeypatch, 100)
    with pytest.raises(RefusalError, match="trust-busy"):
        turns.in_turn(lambda: publish(tmp_path))
    assert 5 < sum(other.waited) < 10


def test_another_refusal_is_told_at_once(monkeypatch):
    asked: list[float] = []
    monkeypatch.setattr("huxin.node.trust.actions.turns.time.sleep", asked.append)

    def older():
        raise RefusalError("trust-rollback", "older")

    with pytest.raises(RefusalError, match="trust-rollback"):
        turns.in_turn(older)
    assert asked == []
