"""Where a trust repository is read from: a folder, a bundle, or an address; and TUF's fetcher over any of them.

    metadata/timestamp.json          targets/federation/<sha256>.charter.json          a name is all that is asked

Responsible for bringing bytes and for bounds.  Leaves to `trust_updater` whether they are what was signed.

- every read is bounded before it is held, one by one and all together;
- an address is asked itself: no redirect is followed, no proxy of the surroundings is used, no cookie is kept;
- a silent or a slow server costs a stated time, no more, whatever it is slow with; one that never comes to an end, in
  its heads or between the pieces, costs a stated number of bytes;
- what was had once is not asked for again, so that all of a refresh sees the same files.
"""

from __future__ import annotations

import http.client
import io
import os
import socket
import ssl
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, Protocol, cast
from urllib.parse import urlsplit

from tuf.api.exceptions import DownloadHTTPError, DownloadLengthMismatchError
from tuf.ngclient import FetcherInterface

from huxin.adapters import intake
from huxin.adapters.status_files import is_status_name
from huxin.adapters.trust_bundle import MOST_BUNDLE, MOST_TOTAL, is_name, open_bundle
from huxin.kernel.errors import RefusalError
from huxin.trust.federation.layout import MOST_METADATA, MOST_TARGET, MOST_TIMESTAMP
from huxin.trust.federation.metadata import parse_role

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = ["Bundle", "Fetcher", "Folder", "Place", "Website", "open_place", "role_and_version"]

_SCHEMES: Final = ("http", "https")
_PIECE: Final = 65_536
_SILENCE: Final = 20.0
"""Seconds that a server may take to answer, or between two pieces."""
_PATIENCE: Final = 300.0
"""Seconds that a whole refresh may take on the line."""
_AROUND: Final = 262_144
"""Bytes that may come around a file: the status line, the heads, the lengths of pieces, what is read ahead."""
_OK: Final = 200
# A store of static files may say "forbidden" where there is nothing, and "gone" where there was something.
_NOTHING_THERE: Final = frozenset({403, 404, 410})
_MISSING: Final = 404
_TIMESTAMP: Final = "metadata/timestamp.json"


class Place(Protocol):
    """Something that a repository's files can be read from by name."""

    carried: bool
    """Whether somebody brought it by hand, and so may vouch for its first root."""

    def read(self, name: str, limit: int) -> bytes:
        """Return a file; refuses with `trust-missing`, `trust-source` or `too-big`."""
        ...

    def sets(self) -> Mapping[str, bytes]:
        """Return the status sets that came with the repository, by name; nobody has looked at them."""
        ...

    def close(self) -> None:
        """Let go of what was opened."""
        ...


def open_place(where: str) -> Place:
    """Return the place that a person named; refuses with `trust-source`, `trust-file` or `too-big`."""
    if where.lower().startswith(tuple(f"{scheme}://" for scheme in _SCHEMES)):
        return Website(where)
    path = Path(where)
    if path.is_dir():
        return Folder(path)
    try:
        return Bundle(open_bundle(intake.read(path, limit=MOST_BUNDLE)))
    except RefusalError as error:
        if error.refusal.code == "bad-input":
            raise RefusalError("trust-source", error.refusal.detail) from error
        raise


class _Carried:
    """What lies here, and needs no closing."""

    carried = True

    def sets(self) -> Mapping[str, bytes]:
        """Return nothing: only a bundle brings sets along."""
        return {}

    def close(self) -> None:
        """Do nothing: every file was closed when it had been read."""


class Folder(_Carried):
    """A repository in a folder: a stick, or a mirror on this machine."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, name: str, limit: int) -> bytes:
        """Return a file of the folder."""
        try:
            # A pipe that somebody laid there would keep us waiting for ever, unless it is opened so.
            descriptor = os.open(self._path / name, os.O_RDONLY | os.O_NONBLOCK)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise RefusalError("trust-missing", name) from error
        except OSError as error:
            raise RefusalError("trust-source", f"{name}: {intake.reason(error)}") from error
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise RefusalError("trust-source", f"{name}: not a file")
            with open(descriptor, "rb", closefd=False) as stream:  # of a descriptor
                return intake.read_stream(stream, limit=limit, name=name)
        except OSError as error:
            raise RefusalError("trust-source", f"{name}: {intake.reason(error)}") from error
        finally:
            os.close(descriptor)


class Bundle(_Carried):
    """A repository in one file."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def read(self, name: str, limit: int) -> bytes:
        """Return a file of the bundle."""
        if name not in self._files:
            raise RefusalError("trust-missing", name)
        if len(self._files[name]) > limit:
            raise RefusalError("too-big", f"{name}: more than {limit} bytes")
        return self._files[name]

    def sets(self) -> Mapping[str, bytes]:
        """Return the status sets of the bundle."""
        return {name: data for name, data in self._files.items() if is_status_name(name)}


class Website:
    """A repository as static files below an address; TUF does not need the line to be secret."""

    carried = False

    def __init__(
        self,
        address: str,
        *,
        patience: float = _PATIENCE,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take an address; refuses with `trust-source` what is none."""
        self._scheme, self._host, self._port, self._path = _parts(address)
        self._ticks = ticks
        self._until = ticks() + patience
        self._line: http.client.HTTPConnection | None = None

    def read(self, name: str, limit: int) -> bytes:
        """Return a file from below the address."""
        try:
            return self._read(name, limit)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            why = intake.reason(error) if isinstance(error, OSError) else type(error).__name__
            raise RefusalError("trust-source", f"{name}: {why}") from error
        except RefusalError:
            # What is left of an answer would be taken for the next one.
            self.close()
            raise

    def _read(self, name: str, limit: int) -> bytes:
        with self._ask(f"{self._path}/{name}", limit) as answer:
            return self._body(answer, name, limit)

    def _body(self, answer: http.client.HTTPResponse, name: str, limit: int) -> bytes:
        if answer.status in _NOTHING_THERE:
            raise RefusalError("trust-missing", name)
        if answer.status != _OK:
            # Redirects too: whoever answers elsewhere was not asked.
            raise RefusalError("trust-source", f"{name}: answered with {answer.status}")
        if answer.length is not None and answer.length > limit:
            raise RefusalError("too-big", f"{name}: more than {limit} bytes")
        pieces: list[bytes] = []
        room = limit
        while piece := answer.read1(min(_PIECE, room + 1)):
            room -= len(piece)
            if room < 0:
                raise RefusalError("too-big", f"{name}: more than {limit} bytes")
            pieces.append(piece)
        if answer.length:
            raise RefusalError("trust-source", f"{name}: cut short")
        return b"".join(pieces)

    def _ask(self, path: str, limit: int) -> http.client.HTTPResponse:
        used = self._line is not None
        try:
            return self._asked(path, limit)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            # A server may have closed a line that was open between two questions; a new one is asked once.
            if not used:
                raise
            self.close()
            return self._asked(path, limit)

    def _asked(self, path: str, limit: int) -> http.client.HTTPResponse:
        line = self._line = self._line or self._dialled()
        # Dialling, the handshake and the question cost no more than what is left, each.
        line.timeout = self._left()
        if line.sock is None:
            line.connect()
        line.sock.settimeout(self._left())
        line.request("GET", path, headers={"Accept-Encoding": "identity"})
        most = 2 * limit + _AROUND
        # What is called is all that is asked of it; a class is one way to have that.
        line.response_class = cast("type[_Answer]", partial(_Answer, left=self._left, most=most))
        return line.getresponse()

    def _left(self) -> float:
        """Return how many seconds may pass until something comes; refuses with `trust-source` when none is left."""
        left = self._until - self._ticks()
        if left <= 0:
            raise RefusalError("trust-source", "too slow")
        return min(_SILENCE, left)

    def _dialled(self) -> http.client.HTTPConnection:
        if self._scheme == "http":
            return http.client.HTTPConnection(self._host, self._port)
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(self._host, self._port, context=context)

    def sets(self) -> Mapping[str, bytes]:
        """Return nothing: whoever is on the line asks the regions themselves."""
        return {}

    def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.close()
            self._line = None


class _Answer(http.client.HTTPResponse):
    """An answer of which every byte is waited for, and counted, from the status line on."""

    def __init__(
        self,
        sock: socket.socket,
        *,
        left: Callable[[], float],
        most: int,
        method: str | None = None,
    ) -> None:
        super().__init__(sock, method=method)
        raw: io.RawIOBase = self.fp.detach()
        self.fp = io.BufferedReader(_Heard(raw, sock, left, most))


class _Heard(io.RawIOBase):
    """What comes on a line, while there is time left for it and room.

    The library bounds a head and a silence only: a letter now and then, or heads without end, would never be enough.
    """

    def __init__(
        self, raw: io.RawIOBase, sock: socket.socket, left: Callable[[], float], most: int
    ) -> None:
        self._raw, self._sock, self._left, self._room = raw, sock, left, most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        self._sock.settimeout(self._left())
        count: int = self._raw.readinto(buffer) or 0
        self._room -= count
        if self._room < 0:
            raise RefusalError("trust-source", "no end of it")
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


def _parts(address: str) -> tuple[str, str, int | None, str]:
    try:
        found = urlsplit(address)
        port = found.port
    except ValueError as error:
        raise RefusalError("trust-source", "not an address") from error
    if not found.hostname or found.username is not None or found.query or found.fragment:
        raise RefusalError("trust-source", "not an address of a folder: https://HOST/PATH")
    return found.scheme, found.hostname, port, found.path.rstrip("/")


def role_and_version(name: str) -> tuple[str, int | None]:
    """Return whose metadata a name is for, and the version in it; the timestamp has none."""
    parts = name.removeprefix("metadata/").split(".")
    return (parts[1], int(parts[0])) if parts[0].isdecimal() else (parts[0], None)


def _bound(name: str) -> int:
    if name == _TIMESTAMP:
        return MOST_TIMESTAMP
    return MOST_METADATA if name.startswith("metadata/") else MOST_TARGET


class Fetcher(FetcherInterface):
    """TUF's way to a place: it bounds, remembers, and hands out what is `kept` from before instead of asking.

    `asked` is the last name that TUF wanted and how long it might be; a refusal is explained by it.
    """

    def __init__(self, place: Place, kept: Mapping[str, bytes]) -> None:
        self._place = place
        self._had: dict[str, bytes] = {}
        self._absent: set[str] = set()
        self._room = MOST_TOTAL
        self.kept = kept
        self.lent = False
        self.asked: tuple[str, int] = ("", 0)

    def read(self, name: str, limit: int) -> bytes:
        """Return a file, from before or from the place; refuses as `Place.read` does, and what is no name."""
        self.asked = (name, limit)
        if not is_name(name):
            raise RefusalError("trust-file", f"not a name of a file: {name[:80]!a}")
        # The timestamp alone has no version in its name, so that only the place can say which is the newest.
        if name != _TIMESTAMP and name in self.kept and len(self.kept[name]) <= limit:
            self.lent = True
            return self.kept[name]
        if name in self._absent:
            raise RefusalError("trust-missing", name)
        if name not in self._had:
            self._ask(name, limit)
        if len(self._had[name]) > limit:
            raise RefusalError("too-big", f"{name}: more than {limit} bytes")
        return self._had[name]

    def _ask(self, name: str, limit: int) -> None:
        try:
            data = self._place.read(name, min(limit, _bound(name), self._room))
        except RefusalError as error:
            if error.refusal.code == "trust-missing":
                self._absent.add(name)
            raise
        self._room -= len(data)
        self._had[name] = data

    @contextmanager
    def download_file(self, url: str, max_length: int) -> Iterator[IO[bytes]]:
        """Yield a file in memory, for TUF; what is missing is told as TUF expects it."""
        try:
            data = self.read(url, max_length)
        except RefusalError as error:
            if error.refusal.code == "trust-missing":
                raise DownloadHTTPError(error.refusal.detail, _MISSING) from error
            if error.refusal.code == "too-big" and max_length < _bound(url):
                raise DownloadLengthMismatchError(error.refusal.detail) from error
            raise
        # The library would take a key that stands twice, or a number that is none: it never sees one.
        parse_role(data, role_and_version(url)[0])
        yield io.BytesIO(data)

    def _fetch(self, url: str) -> Iterator[bytes]:
        return iter((self.read(url, MOST_METADATA),))
