"""The line between the tour and the demo's supervisor: one short question, one line of JSON back.

    state            what each node does just now
    stop QW          stop one node;  start QW  starts it again;  stop all, start all  do it to every node
    reset            begin anew, with new people and cards
    propose suspend  have one region propose something;  sign suspend  have another sign it

Spoken over a Unix socket that only the owner of the demo's folder can reach.  Responsible for the
form of a question and for the socket; what a question does is its listener's.

- a question is one of the words above and a name of a list that was handed over: nothing of it ever
  reaches a shell, a path or a log;
- at most 64 bytes are read of a question, and one connection asks once.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from huxin.kernel.errors import RefusalError

__all__ = ["ALL", "PROPOSALS", "Line", "Order", "ask", "parse"]

PROPOSALS: Final = ("join", "suspend")
"""What regions propose on the tour."""

ALL: Final = "all"
"""In the place of a node's name: every node."""

_MAX_QUESTION: Final = 64
_MAX_ANSWER: Final = 65_536
_PATIENCE: Final = 60.0
_WITH_NAME: Final = frozenset({"stop", "start"})
_WITH_PROPOSAL: Final = frozenset({"propose", "sign"})
_ALONE: Final = frozenset({"state", "reset"})


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked: a word, and the node or the proposal that it is about, if any."""

    word: str
    node: str = ""
    proposal: str = ""


def parse(line: bytes, names: Collection[str]) -> Order:
    """Read a question; refuses with `bad-input` whatever is not on the list."""
    try:
        words = line.decode("ascii").split()
    except UnicodeDecodeError as error:
        raise RefusalError("bad-input", "not a question") from error
    match words:
        case [word] if word in _ALONE:
            return Order(word)
        case [word, name] if word in _WITH_NAME and (name in names or name == ALL):
            return Order(word, name)
        case [word, proposal] if word in _WITH_PROPOSAL and proposal in PROPOSALS:
            return Order(word, proposal=proposal)
        case _:
            raise RefusalError("bad-input", "not a question")


def ask(place: Path, question: str) -> dict[str, Any]:
    """Ask over the socket at `place`; refuses with `bad-input` when nobody answers in time."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(_PATIENCE)
            line.connect(str(place))
            line.sendall(question.encode("ascii") + b"\n")
            answer = _read(line, _MAX_ANSWER)
        found = json.loads(answer)
    except (OSError, ValueError) as error:
        raise RefusalError("bad-input", "the supervisor does not answer") from error
    if not isinstance(found, dict) or "refused" in found:
        raise RefusalError("bad-input", "the supervisor refused")
    return found


def _read(line: socket.socket, limit: int) -> bytes:
    """Read up to the first end of line, at most `limit` bytes."""
    data = b""
    while b"\n" not in data and len(data) < limit:
        more = line.recv(4_096)
        if not more:
            break
        data += more
    return data[:limit].partition(b"\n")[0]


class Line:
    """The supervisor's end: answers questions in a thread of its own until it is closed."""

    def __init__(
        self, place: Path, names: Collection[str], answer: Callable[[Order], dict[str, Any]]
    ) -> None:
        self._names = frozenset(names)
        self._answer = answer
        place.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(place))
        place.chmod(0o600)
        self._socket.listen(8)
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _listen(self) -> None:
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return
            # Stopping a node takes a moment; who asks for the state meanwhile need not wait for it.
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with line, contextlib.suppress(OSError):
            line.settimeout(_PATIENCE)
            try:
                answer = self._answer(parse(_read(line, _MAX_QUESTION), self._names))
            except RefusalError:
                answer = {"refused": "bad-input"}
            line.sendall(json.dumps(answer, ensure_ascii=False).encode("utf-8") + b"\n")
