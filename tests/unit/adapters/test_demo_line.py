"""The line of the demo: a closed list of questions, one answer each, nothing else."""

import socket

import pytest

from huxin.adapters.demo_line import Line, Order, ask, parse
from huxin.kernel.errors import RefusalError

NAMES = ("QV", "QW")


@pytest.mark.parametrize(
    ("line", "order"),
    [
        (b"state", Order("state")),
        (b"reset", Order("reset")),
        (b"stop QW", Order("stop", "QW")),
        (b"start QV\r", Order("start", "QV")),
        (b"stop all", Order("stop", "all")),
        (b"start all", Order("start", "all")),
        (b"propose suspend", Order("propose", proposal="suspend")),
        (b"sign join", Order("sign", proposal="join")),
    ],
)
def test_what_can_be_asked(line, order):
    assert parse(line, NAMES) == order


@pytest.mark.parametrize(
    "line",
    [b"", b"stop", b"stop QX", b"stop QW QV", b"reset QW", b"reset all", b"sign all", b"kill QW", b"stop ../QW", b"\xff", b"STOP QW",
     b"sign", b"sign QW", b"stop join", b"sign ../join", b"propose join QW"],
)  # fmt: skip
def test_all_else_is_refused(line):
    with pytest.raises(RefusalError):
        parse(line, NAMES)


@pytest.fixture
def place(tmp_path):
    # A path that a socket can have, wherever the tests keep their folders.
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        yield Path(folder) / "line"


@pytest.fixture
def heard(place):
    orders = []

    def answer(order):
        orders.append(order)
        return {"nodes": {"QV": "running"}}

    line = Line(place, NAMES, answer)
    yield orders
    line.close()


def test_a_question_is_answered(place, heard):
    assert ask(place, "stop QW") == {"nodes": {"QV": "running"}}
    assert heard == [Order("stop", "QW")]


def test_a_question_that_is_none_reaches_nobody(place, heard):
    with pytest.raises(RefusalError):
        ask(place, "stop QX")
    assert heard == []


def test_a_flood_is_read_to_its_64th_byte_only(place, heard):
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(5)
        line.connect(str(place))
        line.sendall(b"a" * 5_000)
        assert b"refused" in line.recv(100)
    assert heard == []


def test_only_the_owner_reaches_the_line(place, heard):
    assert place.stat().st_mode & 0o077 == 0


def test_nobody_there_is_a_refusal(place):
    with pytest.raises(RefusalError, match="does not answer"):
        ask(place, "state")
