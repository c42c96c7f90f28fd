"""Trust lists shown to both implementations: the same steps into the same state, and all that is told of it.

shown = Shown("a title").files(federation.files, at=NOW)          a step; as many as one likes
assert disagreements([shown.case]) == []

recorder = Recorder(test_trust_attacks)                           what a module's tests show to the core, as such cases
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from hashlib import sha256
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from huxin.adapters import trust_refresh, trust_state
from huxin.adapters.trust_source import Bundle
from huxin.cli import refresh_lines
from huxin.kernel.crypto import PublicKey
from huxin.trust.federation.repository import Repository
from tests.lib import federation_dicts
from tests.lib.second_door import answers

__all__ = ["Recorder", "Shown", "disagreements", "ours", "theirs"]

Case = Mapping[str, Any]


def text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


class Shown:
    """One verifier and what it is shown, as a line of the door."""

    def __init__(self, title: str | int = "", **fields: Any) -> None:
        self.case: dict[str, Any] = {"id": title, "steps": [], **fields}

    def files(self, files: Mapping[str, bytes], *, at: datetime, **fields: Any) -> Shown:
        """Show a repository's files at an instant."""
        content = {name: text(data) for name, data in files.items()}
        return self._step(at, files=content, **fields)

    def bundle(self, data: bytes, *, at: datetime, **fields: Any) -> Shown:
        """Show a bundle, or what is none."""
        return self._step(at, bundle=text(data), **fields)

    def policy(
        self, data: bytes, *, at: datetime, region: str, keys: Iterable[PublicKey] = ()
    ) -> Shown:
        """Put a policy of the place's own in force, or try to."""
        signers = [text(one.compact()) for one in keys]
        return self._step(at, policy=text(data), region=region, keys=signers)

    def _step(self, at: datetime, *, root: bytes | None = None, **fields: Any) -> Shown:
        step = {"at": at.isoformat(), **fields}
        self.case["steps"].append(step if root is None else step | {"root": text(root)})
        return self


# ------------------------------------------------------------------------------------- both answers


def ours(case: Case) -> dict[str, Any]:
    """Return what the core answers."""
    told = refresh_lines.answer(json.dumps(case).encode(), Path())
    answer: dict[str, Any] = json.loads(json.dumps(told))
    return answer


def theirs(cases: Iterable[Case]) -> list[dict[str, Any]]:
    """Return what the second implementation answers."""
    return answers("refresh", [json.dumps(case).encode() for case in cases])


def disagreements(cases: Iterable[Case]) -> list[str]:
    """Answer each case by both, and return where they differ: in a step, in what is held, in whom is believed."""
    cases = list(cases)
    found = []
    for case, their in zip(cases, theirs(cases), strict=True):
        our = ours(case)
        for told in (our, their):
            told.pop("packed", None)  # each packs in its own way
        if our != their:
            found.append(f"{case['id']}: {_first_difference(our, their)}")
    return found


def _first_difference(our: Mapping[str, Any], their: Mapping[str, Any]) -> str:
    for number, (one, other) in enumerate(zip(our["steps"], their["steps"], strict=False)):
        if one != other:
            names = sorted(name for name in {*one, *other} if one.get(name) != other.get(name))
            return (
                f"step {number}: { ({name: (one.get(name), other.get(name)) for name in names}) }"
            )
    return f"{our} is not {their}"[:4_000]


# ---------------------------------------------------------------------------------- what tests show


class Recorder:
    """Runs tests of a module, and keeps what they show to the core: a case for each state."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module
        self._shown: dict[Path, Shown] = {}
        self._title = ""

    def cases(self, folder: Path, monkeypatch: pytest.MonkeyPatch, *, but: Iterable[str] = (), **given: Any) -> list[Case]:  # fmt: skip
        """Run all tests of the module that ask for nothing but a folder and what is `given`."""
        for name in ("refresh", "take_policy"):
            if hasattr(self._module, name):
                monkeypatch.setattr(self._module, name, getattr(self, f"_{name}"))
        for number, (name, named) in enumerate(self._calls(but)):
            self._title = f"{name}{named or ''}"
            place = folder / str(number)
            place.mkdir()
            fixtures = {what: make(place) for what, make in given.items()}
            wanted = vars(self._module)[name].__code__.co_varnames
            usual = fixtures | {"tmp_path": place}
            vars(self._module)[name](**{one: usual[one] for one in usual if one in wanted}, **named)
        return [one.case for one in self._shown.values()]

    def _calls(self, but: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        for name, test in vars(self._module).items():
            if not name.startswith("test_") or name in but:
                continue
            marks = [one for one in getattr(test, "pytestmark", []) if one.name == "parametrize"]
            for values in product(*(map(partial(_named, one.args[0]), one.args[1]) for one in marks)):  # fmt: skip
                yield name, {name: value for named in values for name, value in named.items()}

    def federations(self, monkeypatch: pytest.MonkeyPatch) -> list[Case]:
        """Run all tests of the module that ask for nothing, and return each federation that they wrote out."""
        cases: list[Case] = []
        usual = federation_dicts.Federation.repository

        def noted(federation: federation_dicts.Federation) -> Repository:
            title = f"{self._title} {len(cases)}"
            cases.append(Shown(title).files(_written(federation), at=federation.now).case)
            return usual(federation)

        monkeypatch.setattr(federation_dicts.Federation, "repository", noted)
        for name, named in self._calls(()):
            self._title = f"{name} {named or ''}"
            vars(self._module)[name](**named)
        return cases

    def _refresh(self, place: Any, state: Path, *, root: bytes | None, now: datetime) -> Any:
        shown = self._shown.setdefault(state, Shown(f"{self._title}: {state.name}"))
        shown.files(_content(place), at=now, root=root)
        return trust_refresh.refresh(place, state, root=root, now=now)

    def _take_policy(
        self, state: Path, data: bytes, *, region: str, keys: tuple[PublicKey, ...] = ()
    ) -> Any:
        last = self._shown[state].case["steps"][-1]["at"]
        self._shown[state].policy(data, at=datetime.fromisoformat(last), region=region, keys=keys)
        return trust_state.take_policy(state, data, region=region, keys=keys)


def _named(names: str | tuple[str, ...], values: Any) -> dict[str, Any]:
    """The values of one example by their names, as `parametrize` has them."""
    if isinstance(names, str):
        return {names: values}
    return dict(zip(names, getattr(values, "values", values), strict=True))


def _written(federation: federation_dicts.Federation) -> dict[str, bytes]:
    """All files of a federation of plain data, under the names that they have in a repository."""
    files = {
        f"metadata/{'' if role == 'timestamp' else '1.'}{role}.json": data
        for role, data in federation.metadata().items()
    }
    for path, data in federation.targets().items():
        folder, _, name = path.partition("/")
        files[f"targets/{folder}/{sha256(data).hexdigest()}.{name}"] = data
    return files


def _content(place: Any) -> dict[str, bytes]:
    """All files of a place, by name."""
    if isinstance(place, Bundle):
        return dict(place._files)
    folder: Path = place._path
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
