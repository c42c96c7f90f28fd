"""The receipt of a batch: what became of each line of a list, `manifest.jsonl` in its folder.

Line by line, only ever longer, each line on the disk before the next card is begun:

    {"huxin": "manifest", "version": 1, "pack", "region", "kid", "environment", "settings"}
    {"line": 2, "plan": "QW-7K2M-9QF4-XJ3D", "index"?: 7}
    {"line": 2, "issued": "QW-7K2M-9QF4-XJ3D", "files": {name: sha256}, "until": date}
    {"line": 5, "refused": code, "field"?: column}

- a card's identifier is planned before the card exists, so a run that was killed gives the
  same card the same identifier when it is continued, and no card twice;
- the settings are a hash: a run is continued as it began, or not at all;
- names of people and texts of codes stand in no line.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from huxin.adapters import intake, output
from huxin.kernel import strict_json
from huxin.kernel.errors import RefusalError

__all__ = ["NAME", "Manifest", "Planned"]

NAME: Final = "manifest.jsonl"

_VERSION: Final = 1
_MAX_BYTES: Final = 50_000_000


@dataclass(frozen=True, slots=True)
class Planned:
    """The identifier that a line's card has, whether it is made already or not."""

    identifier: str
    index: int | None = None


@dataclass(slots=True)
class Manifest:
    """An open receipt.  Use it in a `with` block; nobody else may write to it meanwhile.

    `issued` has the files of each card that exists, with their hashes.
    """

    path: Path
    planned: dict[int, Planned] = field(default_factory=dict)
    issued: dict[int, Mapping[str, str]] = field(default_factory=dict)
    _descriptor: int = -1

    @classmethod
    def begin(cls, folder: Path, head: Mapping[str, Any], *, resume: bool) -> Manifest:
        """Start the receipt of a folder, or continue the one that is there if `resume` is set.

        Refuses with `exists` where there is one and it is not to be, or cannot be continued.
        """
        path = folder / NAME
        first = {"huxin": "manifest", "version": _VERSION, **head}
        if not resume or not path.exists():
            output.write_new(path, _line(first))
        manifest = cls(path)
        manifest._open(first)
        return manifest

    def _open(self, first: Mapping[str, Any]) -> None:
        try:
            self._descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND)
        except OSError as error:
            detail = f"{NAME} cannot be written: {intake.reason(error)}"
            raise RefusalError("bad-input", detail) from error
        try:
            # Read only when nobody else writes any more: what another run adds is never cut off.
            _keep_others_out(self._descriptor)
            self._read(first)
        except BaseException:
            os.close(self._descriptor)
            raise

    def _read(self, first: Mapping[str, Any]) -> None:
        data = intake.read(self.path, limit=_MAX_BYTES)
        # A run that was killed may leave half a line at the end; what it said was not done.
        whole = data[: data.rfind(b"\n") + 1]
        records = [strict_json.parse(line, code="exists") for line in whole.splitlines()]
        if not records or records[0] != dict(first):
            raise RefusalError("exists", f"{NAME} of another list, key or choice of options")
        os.ftruncate(self._descriptor, len(whole))
        for record in records[1:]:
            if "plan" in record:
                self.planned[record["line"]] = Planned(record["plan"], record.get("index"))
            elif "issued" in record:
                self.issued[record["line"]] = record["files"]

    def __enter__(self) -> Manifest:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)

    def plan(self, lines: Mapping[int, Planned]) -> None:
        """Note which identifiers the cards of these lines will have."""
        self._append(
            {"line": line, "plan": one.identifier}
            | ({} if one.index is None else {"index": one.index})
            for line, one in lines.items()
        )
        self.planned |= lines

    def note_issued(self, line: int, files: Mapping[str, str], until: str) -> None:
        """Note that a card exists, with the hashes of its files."""
        identifier = self.planned[line].identifier
        self._append([{"line": line, "issued": identifier, "files": dict(files), "until": until}])
        self.issued[line] = dict(files)

    def note_refused(self, line: int, code: str, column: str) -> None:
        """Note that a line gave no card."""
        self._append([{"line": line, "refused": code} | ({"field": column} if column else {})])

    def _append(self, records: Iterable[Mapping[str, Any]]) -> None:
        data = b"".join(map(_line, records))
        while data:
            data = data[os.write(self._descriptor, data) :]
        os.fsync(self._descriptor)


def _line(record: Mapping[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode("utf-8") + b"\n"


def _keep_others_out(descriptor: int) -> None:
    """Refuse with `exists` while another run writes to the same receipt."""
    with contextlib.suppress(ImportError):  # not every system has such locks
        import fcntl

        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise RefusalError("exists", "another run is at work in this folder") from error
