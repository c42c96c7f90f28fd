"""The demo's folder: three nodes that sign one list, the tour's own, samples, logs.

    huxin-demo.json    the marker: this folder was made by the demo, and with which tables
    QV, QW, QX         a node's folder each (see `adapters.node_folder`), label demo
    tour               the folder of the tour's pages; it has no people and no keys
    keys               the regions' federation keys (see `demo_federation`)
    samples, logs      what the tour hands out; what the processes say
    tour.json          where the nodes are just now, for the tour

- a folder without the marker is never touched, whatever is in it;
- one demo at a time: the marker is locked while the demo runs;
- keys are labelled test, so their cards are specimens, believed nowhere else.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any, Final

from huxin.adapters import key_file, node_folder, output
from huxin.adapters.key_description import KeyDescription
from huxin.adapters.key_file import KeyFileSigner
from huxin.kernel.crypto import PrivateKey
from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import rfc3339
from huxin.node.home.demo import from_afar
from huxin.node.home.demo.cast import NEWCOMER, PLACES, REGIONS
from huxin.packs.reader import Words

__all__ = ["NODES", "PASSPHRASE", "TOUR", "DemoFolder", "take"]

NODES: Final = tuple(REGIONS)
TOUR: Final = "tour"
# Known to whoever runs the demo; it locks keys of specimens.
PASSPHRASE: Final = "huxin demo 样张"  # noqa: S105

_MARKER: Final = "huxin-demo.json"
_FORM: Final = b"2: a shared list"
# Cards of the last weeks and one that has ended are made too, so the key is older than the demo.
_KEY_BEFORE: Final = timedelta(days=500)
_KEY_AFTER: Final = timedelta(days=730)
_CARDS_BEFORE: Final = timedelta(days=3)
# A region's newest key signs; 云渡's older one is there to be suspended.
_KEYS_OF: Final = {"QX": 2}
_ORIGIN: Final = re.compile(r"^origin = .*$", re.MULTILINE)
_FOLLOWS: Final = re.compile(r"^follows = .*$", re.MULTILINE)
_FOLLOWS_EVERY: Final = 5  # seconds: nobody waits for a quarter of an hour on a tour
_MAX_PATH: Final = 100  # a Unix socket's path ends at 107 bytes


class DemoFolder:
    """A folder that is ours; `take` gives it, and keeps other demos out until it is given back."""

    def __init__(self, path: Path, marker: IO[str]) -> None:
        self.path = path
        self._marker = marker

    def node(self, code: str) -> Path:
        """Return a node's folder."""
        return self.path / code

    @property
    def tour(self) -> Path:
        """The tour's own folder."""
        return self.path / TOUR

    @property
    def tour_file(self) -> Path:
        """What the tour is told about the nodes."""
        return self.path / "tour.json"

    @property
    def line(self) -> Path:
        """Where the supervisor listens."""
        place = self.path.resolve() / "line"
        if len(os.fsencode(place)) <= _MAX_PATH:
            return place
        # Too deep for a socket: a private folder of this run stands in.
        return Path(os.environ.get("XDG_RUNTIME_DIR", "/tmp")) / f"huxin-demo-{os.getpid()}"  # noqa: S108

    def log(self, name: str) -> Path:
        """Return the file that a process writes to."""
        (self.path / "logs").mkdir(exist_ok=True)
        return self.path / "logs" / f"{name}.log"

    def is_whole(self, code: str) -> bool:
        """Tell whether a node was made to its end, with the tables that this program has."""
        return (self.node(code) / "things.json").exists()

    def made_with_other_tables(self) -> bool:
        """Tell whether the folder was made by a program with other tables."""
        self._marker.seek(0)
        return bool(json.load(self._marker).get("tables") != _tables())

    def empty(self) -> None:
        """Remove all that the demo made, but for the marker, the tour's folder and the logs."""
        for name in (*NODES, "samples", "keys", "cards"):
            if (self.path / name).is_dir():
                shutil.rmtree(self.path / name)

    def make(self, *, now: datetime) -> Mapping[str, Sequence[KeyFileSigner]]:
        """Make three nodes with their keys, and the tour's folder; no tables and no people yet.

        Return the keys with which each region signs cards, the newcomer's among them, who has no node.
        """
        signers: dict[str, Sequence[KeyFileSigner]] = {}
        for code, words in REGIONS.items():
            _make_node(self.node(code), code, words)
            keys = self.node(code) / "keys"
            signers[code] = [
                _make_key(keys / f"{code}-{number}.key", code, now)
                for number in range(1, _KEYS_OF.get(code, 1) + 1)
            ]
        region = NEWCOMER.region
        (self.path / "cards").mkdir(exist_ok=True, mode=0o700)
        signers[region] = [_make_key(self.path / "cards" / f"{region}-1.key", region, now)]
        self._write_cards(signers, now)
        if not (self.tour / "node.toml").exists():
            _make_node(self.tour, "QQ", Words("导览", "Tour"))
        self._write_marker(now)
        return signers

    def _write_cards(self, signers: Mapping[str, Sequence[KeyFileSigner]], now: datetime) -> None:
        """Leave the cards that come from no desk of a visitor's, for the tour to hand out."""
        (self.path / "samples").mkdir(exist_ok=True)
        for name, card in from_afar.CARDS.items():
            text = from_afar.card_text(name, signers[card.region][0], now=now - _CARDS_BEFORE)
            (self.path / "samples" / f"{name}.txt").write_text(text, "utf-8")

    def set_origin(self, name: str, origin: str) -> None:
        """Write at which address a node (or the tour) is reached this time."""
        self._set(name, _ORIGIN, f'origin = "{origin}"')

    def set_followed(self, name: str, origin: str) -> None:
        """Write from whose address a node takes the shared list this time."""
        self._set(name, _FOLLOWS, f'follows = "{origin}/trust/v1"')

    def _set(self, name: str, line: re.Pattern[str], text: str) -> None:
        path = self.path / name / "node.toml"
        output.replace(path, line.sub(text, path.read_text("utf-8")).encode("utf-8"))

    def tell_tour(self, told: Mapping[str, Any]) -> None:
        """Write what the tour is told about this run."""
        output.replace(
            self.tour_file, json.dumps(told, ensure_ascii=False, indent=1).encode("utf-8")
        )

    def made_at(self) -> str:
        """Return when the demo's people and cards were made."""
        self._marker.seek(0)
        return str(json.load(self._marker).get("made", ""))

    def give_back(self) -> None:
        """Let others have the folder."""
        with contextlib.suppress(OSError):
            self.line.unlink(missing_ok=True)
        self._marker.close()

    def _write_marker(self, now: datetime) -> None:
        marker = {"huxin": "demo", "version": 1, "made": rfc3339(now), "tables": _tables()}
        self._marker.seek(0)
        self._marker.truncate()
        json.dump(marker, self._marker)
        self._marker.flush()


def take(path: Path) -> DemoFolder:
    """Take the folder for this run; refuses with `exists` what the demo did not make, or runs now."""
    marker = path / _MARKER
    if not marker.exists():
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise RefusalError("exists", f"{path.name} was not made by the demo; it is left alone")
        try:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
            output.write_new(marker, b'{"huxin": "demo", "version": 1}')
        except OSError as error:
            raise RefusalError("bad-input", f"{path.name}: {error.strerror}") from error
    stream = marker.open("r+", encoding="utf-8")
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if json.load(stream).get("huxin") != "demo":
            raise ValueError
    except OSError as error:
        stream.close()
        raise RefusalError("exists", f"a demo is running in {path.name} already") from error
    except (ValueError, AttributeError) as error:
        stream.close()
        raise RefusalError("exists", f"{path.name} was not made by the demo") from error
    return DemoFolder(path, stream)


def _make_node(path: Path, code: str, words: Words) -> None:
    operator = next((one.words for one in PLACES if one.region == code), words)
    about = {
        "region": code, "name": words.zh, "name_en": words.en, "operator": operator.zh,
        "operator_en": operator.en, "environment": "demo", "time_zone": "Asia/Shanghai",
        "origin": "http://localhost", "follows": "", "follows_every": _FOLLOWS_EVERY,
    }  # fmt: skip
    node_folder.make(path, about, passphrase=PASSPHRASE, chance=secrets.token_bytes)


def _make_key(path: Path, code: str, now: datetime) -> KeyFileSigner:
    key = PrivateKey.generate()
    today = now.replace(second=0, microsecond=0)
    about = KeyDescription(
        code,
        "test",
        ("huxin", "icvp", "dcc", "shc"),
        today - _KEY_BEFORE,
        today + _KEY_AFTER,
        key.public,
        health_card_issuer=f"https://{code.lower()}.example.org/health-cards",
    )
    key_file.write(path, about, key, PASSPHRASE)
    return KeyFileSigner(about, key)


def _tables() -> str:
    """Return a digest of all our migrations: with others, an older demo's database is no use.

    The form of the rest of the folder counts like a table.
    """
    digest = hashlib.sha256(_FORM)
    for path in sorted(Path(__file__).parents[1].glob("*/migrations/0*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]
