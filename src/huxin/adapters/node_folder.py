"""A node's folder: what it is called, its secrets, its keys and its trust file.

    node.toml      who this node is: region, names, environment, address, time zone, limits
    secrets.json   three secrets made on the spot, readable by the owner only
    keys/*.key     signing keys, locked (see `key_file`)
    trust.json     the keys that this node believes (see `trust_file`)
    federation/    the shared list that this node holds (a state, see `trust_state`), once it has joined one
    repository/    the shared list as this node hands it to others (see `trust_repository`), where it does
    status/        what other regions withdrew, as they signed it (see `status_files`)
    proposals/     changes of the shared list that wait for signatures (see `trust_proposals`)
    root.json      the first root of the shared list, had from elsewhere; only needed until a list is held
    regions.json   how regions call themselves that are in no shared list, {code: {zh, en}}
    node.sqlite3   the database, unless DATABASE_URL names another

Responsible for reading the folder into values, all faults named, and for making a new one.
Leaves the database to the node.

- a secret is never printed: `NodeFolder` shows none of them in its `repr`;
- a folder that exists is never overwritten;
- the folder and the database in it are their owner's only.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import secrets
import shutil
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, cast
from zoneinfo import ZoneInfo, available_timezones

from huxin.adapters import intake, output
from huxin.adapters.status_files import FOLDER
from huxin.kernel.errors import RefusalError
from huxin.kernel.identifiers import parse_region
from huxin.packs.reader import Words

__all__ = [
    "ENVIRONMENTS",
    "Environment",
    "NodeFolder",
    "Secrets",
    "lay_database",
    "make",
    "making",
    "read",
]

Environment = Literal["production", "test", "demo"]
ENVIRONMENTS: Final[tuple[Environment, ...]] = ("production", "test", "demo")

_MAX_BYTES: Final = 65_536
_SECRET_BYTES: Final = 32
_ABOUT: Final = "node.toml"
_ALL: Final = (_ABOUT, "secrets.json", "keys", "trust.json")  # of a new node
_OWN: Final = 0o700  # what is its owner's only
_TEXTS: Final = ("name", "name_en", "operator", "operator_en", "time_zone", "origin")
_ORIGIN: Final = re.compile(r"https?://[a-z0-9.-]{1,200}(:[0-9]{1,5})?")
_MAX_TEXT: Final = 80
_DAILY: Final = 200
_MAX_PLACE: Final = 500
_LEAST_WAIT, _MOST_WAIT = (
    5,
    900,
)  # seconds: a list that was published reaches a node within a quarter of an hour


@dataclass(frozen=True, slots=True)
class Secrets:
    """What only this node knows: for sessions, for sealed fields, for search tokens."""

    session: str = field(repr=False)
    fields: bytes = field(repr=False)
    tokens: bytes = field(repr=False)
    passphrase: str | None = field(repr=False, default=None)


@dataclass(frozen=True, slots=True)
class NodeFolder:
    """A node as its folder describes it.

    `daily` is how many cards an officer signs alone; `follows` is where the shared list is taken from (nothing: from
    nowhere), every so many seconds.
    """

    path: Path
    region: str
    name: Words
    operator: Words
    environment: Environment
    time_zone: ZoneInfo
    origin: str
    daily: int
    secrets: Secrets
    regions: Mapping[str, Words] = field(default_factory=dict, hash=False)
    follows: str = ""
    follows_every: int = _MOST_WAIT

    @property
    def seal(self) -> str:
        """The two characters of the region's seal."""
        return self.name.zh[:2]

    @property
    def keys(self) -> Path:
        """The folder of signing keys."""
        return self.path / "keys"

    @property
    def trust(self) -> Path:
        """The trust file."""
        return self.path / "trust.json"

    @property
    def federation(self) -> Path:
        """The state of the shared list; a folder that need not be there."""
        return self.path / "federation"

    @property
    def repository(self) -> Path:
        """The shared list as others take it from here; a folder that need not be there."""
        return self.path / "repository"

    @property
    def status(self) -> Path:
        """Signed sets of other regions; a folder that need not be there."""
        return self.path / FOLDER

    @property
    def proposals(self) -> Path:
        """Changes of the shared list that wait; a folder that need not be there."""
        return self.path / "proposals"

    @property
    def first_root(self) -> Path:
        """The first root of the shared list; a file that need not be there."""
        return self.path / "root.json"

    @property
    def database(self) -> Path:
        """The SQLite file, where DATABASE_URL names nothing else."""
        return self.path / "node.sqlite3"


def read(path: Path) -> NodeFolder:
    """Read a node's folder; refuses with `bad-input`, naming the file and the field."""
    about = _table(path / "node.toml")
    known = _secrets(path / "secrets.json")
    faults = [name for name in ("region", "environment", *_TEXTS) if not _is_text(about.get(name))]
    if faults:
        raise RefusalError("bad-input", f"node.toml: {', '.join(faults)}")
    if about["environment"] not in ENVIRONMENTS:
        raise RefusalError("bad-input", f"node.toml: environment is one of {ENVIRONMENTS}")
    if about["time_zone"] not in available_timezones():
        raise RefusalError("bad-input", "node.toml: time_zone is not known")
    if not _ORIGIN.fullmatch(about["origin"]):
        raise RefusalError("bad-input", "node.toml: origin is like https://node.example.org")
    daily = about.get("daily", _DAILY)
    if not isinstance(daily, int) or isinstance(daily, bool) or daily < 1:
        raise RefusalError("bad-input", "node.toml: daily is a number from 1")
    follows, every = _following(about)
    return NodeFolder(
        path=path,
        region=parse_region(about["region"]),
        name=Words(about["name"], about["name_en"]),
        operator=Words(about["operator"], about["operator_en"]),
        environment=cast("Environment", about["environment"]),
        time_zone=ZoneInfo(about["time_zone"]),
        origin=about["origin"],
        daily=daily,
        secrets=known,
        regions=_regions(path / "regions.json"),
        follows=follows,
        follows_every=every,
    )


@contextlib.contextmanager
def making(path: Path) -> Iterator[Path]:
    """Yield a folder in which a node is made; at the end it is `path`, and after a fault nothing is left of it.

    Refuses with `exists` where a node, or a part of one, is already, and as `output` does where nothing can be written.
    """
    _refuse_taken(path, _ALL)
    # Within a folder that somebody made already, which may be where a disk begins; else beside the new one.
    there = path.exists()
    name = f".{path.name}.{secrets.token_hex(6)}.part"
    part = path / name if there else path.with_name(name)
    try:
        part.mkdir(parents=True, mode=_OWN)
        yield part
        if there:
            _move(part, path)
        else:
            part.rename(path)
    except OSError as error:
        raise output.refusal(error, path.name) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _refuse_taken(path: Path, names: Iterable[str]) -> None:
    if any(os.path.lexists(path / name) for name in names):
        raise RefusalError("exists", path.name)


def _move(part: Path, path: Path) -> None:
    """Move what was made into the folder, last of all what says that a node is there."""
    made = sorted((one.name for one in part.iterdir()), key=lambda name: name == _ABOUT)
    _refuse_taken(path, made)
    # A folder of another owner stays as it is; what is secret in it is closed all the same.
    with contextlib.suppress(PermissionError):
        path.chmod(_OWN)
    for name in made:
        (part / name).rename(path / name)


def make(path: Path, about: Mapping[str, Any], *, passphrase: str | None, chance: Any) -> None:
    """Make a new node's folder, its owner's only; `chance(n)` gives n random bytes.

    Refuses with `exists` where one is already, and as `read` does for what it would not read.
    """
    path.mkdir(parents=True, exist_ok=True, mode=_OWN)
    _refuse_taken(path, (_ABOUT,))
    values = {
        "huxin": "secrets",
        "version": 1,
        "session": base64.b64encode(chance(48)).decode("ascii"),
        "fields": base64.b64encode(chance(_SECRET_BYTES)).decode("ascii"),
        "tokens": base64.b64encode(chance(_SECRET_BYTES)).decode("ascii"),
        **({"passphrase": passphrase} if passphrase else {}),
    }
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in about.items()]
    output.write_new(path / "secrets.json", json.dumps(values, indent=1).encode(), private=True)
    output.write_new(path / _ABOUT, ("\n".join(lines) + "\n").encode("utf-8"))
    (path / "keys").mkdir(exist_ok=True, mode=_OWN)
    read(path)


def lay_database(file: Path) -> None:
    """Make the file of a database that is not there yet, its owner's only: SQLite gives what it writes beside it the same mode.

    Refuses with `no-space` or `bad-input` where that cannot be done.
    """
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600))
    except OSError as error:
        raise output.refusal(error, file.name) from error


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(intake.read(path, limit=_MAX_BYTES).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RefusalError("bad-input", f"node.toml: {error}") from error


def _following(about: Mapping[str, Any]) -> tuple[str, int]:
    """Return where the shared list is taken from, and how often; refuses with `bad-input`."""
    follows, every = about.get("follows", ""), about.get("follows_every", _MOST_WAIT)
    if not isinstance(follows, str) or len(follows) > _MAX_PLACE:
        raise RefusalError("bad-input", "node.toml: follows is a folder, a bundle or an address")
    whole = isinstance(every, int) and not isinstance(every, bool)
    if not whole or not _LEAST_WAIT <= every <= _MOST_WAIT:
        text = f"node.toml: follows_every is seconds, from {_LEAST_WAIT} to {_MOST_WAIT}"
        raise RefusalError("bad-input", text)
    return follows, every


def _regions(path: Path) -> dict[str, Words]:
    if not path.exists():
        return {}
    try:
        rows = json.loads(intake.read(path, limit=_MAX_BYTES))
        return {parse_region(code): Words(row["zh"], row["en"]) for code, row in rows.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RefusalError("bad-input", "regions.json cannot be read") from error


def _secrets(path: Path) -> Secrets:
    try:
        document = json.loads(intake.read(path, limit=_MAX_BYTES))
        if document["huxin"] != "secrets" or document["version"] != 1:
            raise ValueError
        fields = base64.b64decode(document["fields"], validate=True)
        tokens = base64.b64decode(document["tokens"], validate=True)
        if len(fields) != _SECRET_BYTES or len(tokens) != _SECRET_BYTES:
            raise ValueError
        return Secrets(str(document["session"]), fields, tokens, document.get("passphrase"))
    except (ValueError, KeyError, TypeError) as error:
        # The file's own words would be secrets in a log.
        raise RefusalError("bad-input", "secrets.json cannot be read") from error


def _is_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= _MAX_TEXT
