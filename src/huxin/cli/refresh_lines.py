"""The trust list at a conformance door: lists that come one after another into one state, and what comes of each.

    {"id", "steps": [{"at", "bundle" | "files" | "policy", "root"?, "moved"?, "region"?, "keys"?}], "held"?, "environment"?, "pack"?}
    {"id", "code", "steps": [{"decision", "code", …}], "held": {"root", "signed_at", "clock", "buried", "files", "code", "keys"}}

Each case has a state of its own, which is gone after it.  Other implementations answer the same lines; what is told of
the state at the end, down to every key and every tombstone, is what they must agree on.
"""

from __future__ import annotations

import base64
import binascii
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from huxin.adapters import trust_refresh, trust_state
from huxin.adapters.trust_bundle import open_bundle
from huxin.adapters.trust_source import Bundle
from huxin.cli import lines
from huxin.cli.refreshed import refreshed_data
from huxin.kernel.crypto import PublicKey
from huxin.kernel.errors import HuxinError, RefusalError
from huxin.kernel.instants import parse_instant, rfc3339
from huxin.trust.anchors import ENVIRONMENTS, Anchor

__all__ = ["answer", "run"]

_MOST_STEPS: Final = 100
_KINDS: Final = ("bundle", "files", "policy")

Told = dict[str, Any]


def run(name: str) -> None:
    """Answer every line of a file, or of standard input for `-`, on standard output."""
    lines.run(name, answer, _bad_input(None))


def answer(line: bytes, _folder: Path) -> Told:
    """Return the answer to one line."""
    identifier = None
    try:
        case = lines.one_object(line)
        identifier = lines.identifier(case)
        lines.bounded(case)
        with tempfile.TemporaryDirectory() as folder:
            return {"id": identifier, **_told(case, Path(folder) / "state")}
    except HuxinError:
        return _bad_input(identifier)


def _bad_input(identifier: str | int | float | None) -> Told:
    return {"id": identifier, "code": "bad-input", "steps": [], "held": None}


def _told(case: Mapping[str, Any], state: Path) -> Told:
    steps = [_step(one) for one in _list(case, "steps", _MOST_STEPS)]
    environment = case.get("environment") or ENVIRONMENTS[0]
    if environment not in ENVIRONMENTS:
        raise _bad("environment")
    if case.get("held") is not None:
        state.mkdir()
        (state / trust_state.ACCEPTED).write_bytes(_octets(case["held"]))
        trust_state.read_held(state)
    answers = [_taken(step, state) for step in steps]
    held = trust_state.read_held(state)
    if held is None or not steps:
        return {"code": "", "steps": answers, "held": None}
    described = {**_described(held), **_believed(state, environment, steps[-1].at)}
    told: dict[str, Any] = {"code": "", "steps": answers, "held": described}
    if case.get("pack") is True:
        told["packed"] = base64.b64encode((state / trust_state.ACCEPTED).read_bytes()).decode()
    return told


# ----------------------------------------------------------------------------------------- one case


@dataclass(frozen=True, slots=True)
class _Step:
    """A list, or the place's own policy, as it is shown at an instant."""

    at: datetime
    moved: bool
    root: bytes | None
    place: Callable[[], Bundle]
    policy: bytes | None
    region: str
    keys: tuple[PublicKey, ...]


def _step(found: object) -> _Step:
    if not isinstance(found, dict):
        raise _bad("a step that is no object")
    given = [name for name in _KINDS if found.get(name) is not None]
    if len(given) != 1:
        raise _bad("one of bundle, files, policy")
    root, is_policy = found.get("root"), given == ["policy"]
    return _Step(
        parse_instant(_text(found.get("at"))),
        found.get("moved") is True,
        None if root is None else _octets(root),
        _place(found),
        _octets(found["policy"]) if is_policy else None,
        _text(found.get("region")) if is_policy else "",
        tuple(_keys(found)) if is_policy else (),
    )


def _place(found: Mapping[str, Any]) -> Callable[[], Bundle]:
    """Return what opens the place of a step: a bundle that is none is refused as a list, not as a line."""
    files = found.get("files")
    if files is not None:
        if not isinstance(files, dict):
            raise _bad("files")
        place = Bundle({name: _octets(text) for name, text in files.items()})
        return lambda: place
    data = _octets(found.get("bundle") or "")
    return lambda: Bundle(open_bundle(data))


def _keys(found: Mapping[str, Any]) -> Iterable[PublicKey]:
    for one in _list(found, "keys", _MOST_STEPS) if found.get("keys") is not None else ():
        yield PublicKey.from_compact("EdDSA", _octets(one))


def _list(found: Mapping[str, Any], name: str, most: int) -> list[Any]:
    listed = found.get(name)
    if not isinstance(listed, list) or len(listed) > most:
        raise _bad(name)
    return listed


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _bad("not a text")
    return value


def _octets(value: object) -> bytes:
    text = _text(value)
    try:
        if len(text) % 4:
            raise ValueError("length")
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error) as error:
        raise _bad("not base64") from error


def _bad(what: str) -> RefusalError:
    return RefusalError("bad-input", what)


# ---------------------------------------------------------------------------------------- one answer


def _taken(step: _Step, state: Path) -> Told:
    try:
        return _in_force(step, state) if step.policy is not None else _refreshed(step, state)
    except RefusalError as error:
        return {"decision": "refused", "code": error.refusal.code}


def _in_force(step: _Step, state: Path) -> Told:
    assert step.policy is not None
    found = trust_state.take_policy(state, step.policy, region=step.region, keys=step.keys)
    return {"decision": "in-force", "code": "", "version": found.version}


def _refreshed(step: _Step, state: Path) -> Told:
    found = trust_refresh.refresh(
        step.place(), state, root=step.root, now=step.at, moved=step.moved
    )
    return refreshed_data(found)


def _described(held: trust_state.Held) -> Told:
    """Return what is remembered, and which files are kept."""
    memory = held.memory
    return {
        "root": memory.pinned,
        "signed_at": rfc3339(memory.signed_at),
        "clock": rfc3339(memory.clock),
        "buried": sorted(one.hex() for one in memory.buried),
        "files": sorted(held.files),
    }


def _believed(state: Path, environment: str, now: datetime) -> Told:
    """Return every key with its standing, as a verifier has it; or why there is none."""
    try:
        store = trust_state.read_store(state, environment=environment, now=now)
    except RefusalError as error:
        return {"code": error.refusal.code, "keys": []}
    return {"code": "", "keys": sorted(map(_row, store))}


def _row(one: Anchor) -> list[str]:
    times = (one.valid_from, one.valid_until, one.issue_until)
    return [
        one.region or "",
        one.domain,
        one.kid.hex(),
        sha256(one.key.spki).hexdigest(),
        one.environment,
        one.standing,
        one.layer,
        *("" if time is None else rfc3339(time) for time in times),
        "" if one.usage is None else " ".join(sorted(one.usage)),
        one.issuer or "",
    ]
