"""The accessibility tree of a page as the browser has it, with what the tree leaves out.

A node's language, its element, the type of a control and what is current come from the document;
everything else is what a screen reader is handed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

# A page that is never still for the time of a reading is a page that cannot be read aloud.
_READINGS = 20


@dataclass
class Node:
    """One node of the browser's tree."""

    role: str
    name: str
    more: str
    value: str
    hidden: bool
    lang: str
    element: str
    kind: str
    states: dict[str, Any]
    children: list["Node"] = field(default_factory=list)


def walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from walk(child)


def tree(page: Page) -> Node:
    """The tree and the document of one moment: read again while a script changes the page."""
    line = page.context.new_cdp_session(page)
    try:
        found, marks = _at_one_moment(line.send)
    finally:
        line.detach()
    by_id = {one["nodeId"]: one for one in found}
    return _node(found[0], by_id, marks, "")


def _at_one_moment(send: Callable[..., Any]) -> tuple[list[dict[str, Any]], dict[int, "_Mark"]]:
    before = send("Accessibility.getFullAXTree")["nodes"]
    for _ in range(_READINGS):
        marks = _marks(send)
        after = send("Accessibility.getFullAXTree")["nodes"]
        if _parts(before) == _parts(after):
            return before, marks
        before = after
    raise AssertionError(f"the page changed between each two of {_READINGS} readings")


def _parts(nodes: list[dict[str, Any]]) -> list[Any]:
    """Which parts of the document the nodes stand for, in order."""
    return [one.get("backendDOMNodeId") for one in nodes]


@dataclass(frozen=True)
class _Mark:
    """What the document says of an element or a text."""

    lang: str
    element: str = ""
    kind: str = ""
    current: str = ""


def _marks(send: Callable[..., Any]) -> dict[int, _Mark]:
    """What the tree leaves out: the language, the element, the type of a control, what is current."""
    found: dict[int, _Mark] = {}

    def look(node: dict[str, Any], lang: str) -> None:
        pairs = node.get("attributes", [])
        attributes = dict(zip(pairs[::2], pairs[1::2], strict=True))
        lang = attributes.get("lang", lang).partition("-")[0]
        found[node["backendNodeId"]] = _Mark(
            lang, node["nodeName"], attributes.get("type", ""), attributes.get("aria-current", "")
        )
        for child in node.get("children", []):
            look(child, lang)

    look(send("DOM.getDocument", {"depth": -1})["root"], "")
    return found


def _node(one: dict[str, Any], by_id: dict[str, Any], marks: dict[int, _Mark], lang: str) -> Node:
    mark = marks.get(one.get("backendDOMNodeId", -1), _Mark(lang))
    states = {each["name"]: each["value"].get("value") for each in one.get("properties", [])}

    if mark.current:
        states["current"] = mark.current

    def text(key: str) -> str:
        return str(one.get(key, {}).get("value", ""))

    made = Node(
        text("role"), text("name"), text("description"), text("value"),
        bool(one.get("ignored")), mark.lang, mark.element, mark.kind, states,
    )  # fmt: skip
    if made.role != "StaticText":
        made.children = [
            _node(by_id[child], by_id, marks, mark.lang)
            for child in one["childIds"]
            if child in by_id
        ]
    return made
