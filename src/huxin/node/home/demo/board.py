"""What the tour's page shows: the steps with their buttons, and how each node is just now."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from huxin.adapters import demo_line
from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import parse_instant
from huxin.node.home.demo import cast, entering, samples, steps
from huxin.node.home.demo.steps import Deed, Lantern
from huxin.packs.reader import Words

__all__ = ["Board", "Button", "NodeState", "read"]

# The pages of a node, whose addresses the tour knows though it serves none of them.
_NODE_URLS: Final = "huxin.node.project.urls"
_STATES: Final = {
    "running": Words("开着", "running"),
    "starting": Words("正在启动", "starting"),
    "stopped": Words("停着", "stopped"),
    "failed": Words("自己停了，看日志", "ended by itself, see its log"),
    "resetting": Words("正在重新布置", "being set up anew"),
    "": Words("不知道", "not known"),
}


@dataclass(frozen=True, slots=True)
class NodeState:
    """A node in the panel."""

    code: str
    name: Words
    origin: str
    state: str

    @property
    def words(self) -> Words:
        """How it is, in words."""
        return _STATES.get(self.state, _STATES[""])

    @property
    def address(self) -> str:
        """Where it is, as people read it."""
        return self.origin.partition("://")[2]

    @property
    def order(self) -> str:
        """What can be asked of it just now."""
        return {"running": "stop", "starting": "stop", "stopped": "start", "failed": "start"}.get(
            self.state, ""
        )


@dataclass(frozen=True, slots=True)
class Button:
    """A deed as it is drawn: where its form goes and with which token."""

    deed: Deed
    id: str
    url: str = ""
    token: str = ""
    who: Words | None = None
    node: NodeState | None = None
    text: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """The tour at this moment."""

    folder: Path
    line: Path
    made: datetime | None
    nodes: tuple[NodeState, ...]

    def lanterns(self) -> list[dict[str, Any]]:
        """Return the three lanterns with their steps, numbered throughout."""
        number, rows = 0, []
        for lantern in steps.LANTERNS:
            drawn = []
            for step in steps.built(lantern, _exists):
                number += 1
                drawn.append({"number": number, "step": step, "deeds": self._deeds(number, step)})
            rows.append({"name": lantern.name, "steps": drawn, "id": _id_of(lantern)})
        return rows

    def _deeds(self, number: int, step: steps.Step) -> list[Button]:
        found = (self._button(f"deed-{number}-{n}", deed) for n, deed in enumerate(step.deeds, 1))
        return [one for one in found if one is not None]

    def _button(self, name: str, deed: Deed) -> Button | None:
        if deed.kind == "samples":
            return self._sample(name, deed)
        if deed.kind in ("elder", "ask"):
            return Button(deed, name)
        node = next(one for one in self.nodes if one.code == deed.node)
        if deed.kind == "order":
            return Button(deed, name, node=node)
        place = self._place(deed)
        if place is None:
            return None
        who = cast.account(deed.node, deed.account)
        token = entering.token(deed.node, entering.Entry(deed.account, place))
        return Button(deed, name, f"{node.origin}/demo/enter", token, who.words, node)

    def _sample(self, name: str, deed: Deed) -> Button | None:
        files = tuple(one for one in deed.files if (self.folder / "samples" / one).is_file())
        if not files:
            return None
        text = next((one for one in files if one.endswith(".txt")), "")
        written = (self.folder / "samples" / text).read_text("utf-8") if text else ""
        return Button(deed, name, text=written, files=files)

    def _place(self, deed: Deed) -> str | None:
        """Return the address of a deed's page: the first of its pages that exists and can be filled."""
        things = self._things(deed.node)
        filled = {
            key: things.get(value[1:-1], "") if value.startswith("{") else value
            for key, value in (deed.things or {}).items()
        }
        for page in deed.pages:
            for arguments in (filled, {}):
                try:
                    return reverse(page, urlconf=_NODE_URLS, kwargs=arguments)
                except NoReverseMatch:
                    continue
        return None

    def _things(self, code: str) -> dict[str, str]:
        try:
            found: dict[str, str] = json.loads((self.folder / code / "things.json").read_text())
        except (OSError, ValueError):
            return {}
        return found

    def sample(self, name: str) -> bytes | None:
        """Return one of the files that the tour hands out, or nothing."""
        path = self.folder / "samples" / name
        return path.read_bytes() if name in samples.FILES and path.is_file() else None


def read() -> Board:
    """Read where the nodes are, and ask the supervisor how they are."""
    told = json.loads(Path(settings.HUXIN_TOUR_FILE).read_text("utf-8"))
    line = Path(told["line"])
    try:
        states = demo_line.ask(line, "state")["nodes"]
    except (RefusalError, KeyError):
        states = {}
    nodes = tuple(
        NodeState(one["code"], Words(one["zh"], one["en"]), one["origin"], states.get(one["code"], ""))
        for one in told["nodes"]
    )  # fmt: skip
    made = parse_instant(told["made"]) if told.get("made") else None
    return Board(Path(told["folder"]), line, made, nodes)


def _exists(page: str) -> bool:
    """Tell whether a node has a page of this name, whatever its address needs."""
    from django.urls import get_resolver

    return page in get_resolver(_NODE_URLS).reverse_dict


def _id_of(lantern: Lantern) -> str:
    return lantern.name.en.lower()
