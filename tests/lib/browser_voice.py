"""Reads a page aloud: its accessibility tree as lines, as a screen reader goes through it.

    say(page, "zh")           →  ["标题 1：签发台", "输入：姓名或证件号。照卡或证件上完整地写", …]
    say(page, "zh", "banner") →  the head of the page

The tree is the browser's own, so a name that CSS or ARIA hides is not in it.  Words in a language
other than the page's stand in ‹…› with its code, because a voice changes there: `‹zh 林㑇›`.
"""

import re
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page

from tests.lib.browser_tree import Node, tree, walk

# What the listener is told, beside the words of the page.
_WORDS = {
    "zh": {
        "heading": "标题 {level}", "link": "链接", "button": "按钮", "textbox": "输入",
        "combobox": "选择", "checkbox": "勾选", "radio": "单选", "navigation": "导航",
        "region": "区域", "form": "表单", "group": "一组", "table": "表格", "row": "行", "alert": "立刻念出",
        "status": "状态", "image": "图片", "fold": "折叠", "complementary": "旁栏", "note": "说明",
        "search": "搜索", "file": "选文件", "progressbar": "进度",
        "on": "已选", "off": "未选", "now": "当前", "wrong": "有误", "holds": "已填“{value}”", "is": "现在是“{value}”",
        "closed": "收着", "open": "开着", "pressed": "按下", "focus": "焦点在这里",
        "colon": "：", "comma": "，", "stop": "。", "both": "；",
    },
    "en": {
        "heading": "Heading {level}", "link": "Link", "button": "Button", "textbox": "Field",
        "combobox": "Choice", "checkbox": "Tick box", "radio": "Option", "navigation": "Navigation",
        "region": "Region", "form": "Form", "group": "Group", "table": "Table", "row": "Row", "alert": "Said at once",
        "status": "State", "image": "Picture", "fold": "Fold", "complementary": "Aside", "note": "Note",
        "search": "Search", "file": "Choose a file", "progressbar": "Progress",
        "on": "chosen", "off": "not chosen", "now": "current", "wrong": "wrong", "holds": "holds “{value}”", "is": "now “{value}”",
        "closed": "closed", "open": "open", "pressed": "pressed", "focus": "the focus is here",
        "colon": ": ", "comma": ", ", "stop": ". ", "both": "; ",
    },
}  # fmt: skip
_FIELDS = {"textbox", "searchbox", "combobox", "checkbox", "radio", "spinbutton"}
_NAMED = {"link", "button", "heading", "image", "DisclosureTriangle"} | _FIELDS
_INLINE = {"StaticText", "LineBreak", "strong", "emphasis", "code", "time", "mark", "none", "subscript"}  # fmt: skip
_BLOCKS = {
    "DIV",
    "P",
    "LI",
    "UL",
    "OL",
    "SECTION",
    "HEADER",
    "FOOTER",
    "ARTICLE",
    "DD",
    "DT",
    "FORM",
}
_SPACE = re.compile(r"\s+")


def say(page: Page, lang: str, landmark: str = "main") -> list[str]:
    """Read a landmark of the page, line by line."""
    root = next((one for one in walk(tree(page)) if one.role == landmark), None)
    assert root is not None, f"no {landmark} on {page.url}"
    described = [_close(one.more) for one in walk(root) if one.more]
    lines = [line for line in _Voice(lang).block(root) if line]
    lines = [line for line in lines if not any(_within(line, one) for one in described)]
    return list(_once(lines, _WORDS[lang]))


def _once(lines: list[str], words: dict[str, str]) -> Iterator[str]:
    """A table that is named by the heading before it is not named again."""
    heading = ""
    table = words["table"] + words["colon"]
    for line in lines:
        bare = re.sub(r"‹\w+ |›", "", line)
        yield words["table"] if line.startswith(table) and bare[len(table) :] == heading else line
        heading = bare.partition(words["colon"])[2]


def _within(line: str, told: str) -> bool:
    """Tell whether a line describes a field: it is said with the field, and left out beside it."""
    return re.sub(r"\s", "", line) in re.sub(r"\s", "", told)


def announced(page: Page, lang: str) -> list[str]:
    """What is said at once, without being gone to."""
    voice = _Voice(lang)
    return [voice.at_once(one) for one in walk(tree(page)) if one.role == "alert"]


class _Voice:
    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.words = _WORDS[lang]

    # ------------------------------------------------------------------------------ the words

    def _closed(self, text: str) -> str:
        """No space beside Chinese marks, one between words."""
        text = re.sub(r" ?([，。；：、]) ?", r"\1", _close(text))
        return re.sub(r" ([,.;:])( |$)", r"\1\2", text)

    def spoken(self, node: Node) -> str:
        """The words of a node; where its name says something else than its text, the name."""
        pieces = list(self._pieces(node))
        bare = _close("".join(text for text, _ in pieces))
        name = _close(node.name)
        if node.role in _NAMED and name and bare.replace(" ", "") != name.replace(" ", ""):
            return name
        return self._closed("".join(self._marked(text, lang) for text, lang in pieces))

    def _pieces(self, node: Node) -> Iterator[tuple[str, str]]:
        if node.role == "StaticText":
            yield node.name, node.lang
            return
        if node.role == "LineBreak":
            yield " ", node.lang
            return
        if node.role in ("image", "img") and node.name:
            yield f" {node.name} ", node.lang
            return
        for child in node.children:
            block = not child.hidden and child.role not in _INLINE
            if block:
                yield " ", node.lang
            yield from self._pieces(child)
            if block:
                yield " ", node.lang

    def _marked(self, text: str, lang: str) -> str:
        if lang == self.lang or not text.strip():
            return text
        return f" ‹{lang} {text.strip()}› "

    def _line(self, role: str, text: str, *, states: bool = True, **blanks: Any) -> str:
        head = self.words[role].format(**blanks)
        return f"{head}{self.words['colon']}{text}" if text else head

    # ------------------------------------------------------------------------------ the lines

    def block(self, node: Node) -> Iterator[str]:
        """The lines of what is inside a node, or the one line that it is."""
        told = getattr(self, f"_{node.role.lower()}", None)
        if node.hidden or told is None:
            yield from self._inside(node)
        else:
            yield from told(node)

    def _inside(self, node: Node) -> Iterator[str]:
        flowing: list[Node] = []
        for child in node.children:
            if _flows(child):
                flowing.append(child)
                continue
            yield from self._flow(flowing)
            flowing = []
            yield from self.block(child)
        yield from self._flow(flowing)

    def _flow(self, nodes: list[Node]) -> Iterator[str]:
        """Text with links in it is one line; links and buttons alone are a line each."""
        nodes = [one for one in nodes if one.role != "LineBreak" or len(nodes) > 1]
        if not any(_texts(one) for one in nodes):
            for one in nodes:
                yield from self.block(one) if not _flows(one, deep=False) else self._alone(one)
            return
        yield self._closed("".join(self._run(one) for one in nodes))

    def _alone(self, node: Node) -> Iterator[str]:
        for one in walk(node):
            if one.role == "link":
                yield next(iter(self._link(one)))

    def _run(self, node: Node) -> str:
        if node.role == "link":
            return f"［{next(iter(self._link(node)))}］"
        if node.role in ("StaticText", "LineBreak", "image", "img"):
            return "".join(self._marked(text, lang) for text, lang in self._pieces(node))
        return "".join(self._run(one) for one in node.children)

    def _states(self, node: Node, text: str) -> str:
        parts = [text]
        if node.states.get("current"):
            parts.append(self.words["now"])
        if node.role in ("checkbox", "radio"):
            parts.append(self.words["on" if node.states.get("checked") == "true" else "off"])
        if node.value and node.role in ("textbox", "searchbox"):
            parts.append(self.words["holds"].format(value=node.value))
        if node.value and node.role == "combobox":
            parts.append(self.words["is"].format(value=node.value))
        if node.states.get("pressed") == "true":
            parts.append(self.words["pressed"])
        if node.states.get("invalid") not in (None, "false"):
            parts.append(self.words["wrong"])
        if node.states.get("focused"):
            parts.append(self.words["focus"])
        told = self.words["comma"].join(parts)
        # What describes a field is said after it.
        return f"{told}{self.words['stop']}{self._closed(node.more)}" if node.more else told

    def _heading(self, node: Node) -> Iterator[str]:
        yield self._line("heading", self.spoken(node), level=node.states.get("level"))

    def _link(self, node: Node) -> Iterator[str]:
        yield self._line("link", self._states(node, self.spoken(node)))

    def _button(self, node: Node) -> Iterator[str]:
        role = "file" if node.kind == "file" else "button"
        yield self._line(role, self._states(node, self.spoken(node)))

    def _textbox(self, node: Node) -> Iterator[str]:
        yield self._line("textbox", self._states(node, _close(node.name)))

    _searchbox = _textbox

    def _combobox(self, node: Node) -> Iterator[str]:
        yield self._line("combobox", self._states(node, _close(node.name)))

    def _checkbox(self, node: Node) -> Iterator[str]:
        yield self._line("checkbox", self._states(node, _close(node.name)))

    def _radio(self, node: Node) -> Iterator[str]:
        yield self._line("radio", self._states(node, _close(node.name)))

    def _labeltext(self, node: Node) -> Iterator[str]:
        """The words of a label are said with its field; only what else is in it is new."""
        for child in node.children:
            if child.role in _FIELDS or (child.role == "button" and child.kind == "file"):
                yield from self.block(child)

    _legend = _labeltext

    def _image(self, node: Node) -> Iterator[str]:
        yield self._line("image", _close(node.name))

    _img = _image

    def _alert(self, node: Node) -> Iterator[str]:
        yield self._line("alert", self.at_once(node))

    def at_once(self, node: Node) -> str:
        """What an alert says: its lines, in one go."""
        return self.words["both"].join(line for line in self._inside(node) if line)

    def _status(self, node: Node) -> Iterator[str]:
        if text := self.spoken(node):
            yield self._line("status", text)

    def _place(self, node: Node) -> Iterator[str]:
        inside = [line for line in self._inside(node) if line]
        name = self._closed(node.name)
        # A place that is named by its own heading is not said twice.
        doubled = bool(name) and bool(inside) and inside[0].endswith(f"{self.words['colon']}{name}")
        if (node.role == "navigation" or name) and inside and not doubled:
            yield self._line(node.role, self._states(node, name) if name else "")
        yield from inside

    _navigation = _region = _group = _complementary = _form = _search = _note = _place

    def _table(self, node: Node) -> Iterator[str]:
        yield self._line("table", self._closed(node.name))
        for row in (one for one in walk(node) if one.role == "row"):
            cells = [self._cell(one) for one in _below(row)]
            yield self._line("row", self.words["both"].join(filter(None, cells)))

    def _cell(self, node: Node) -> str:
        return self.words["comma"].join(self._inside(node))

    def _disclosuretriangle(self, node: Node) -> Iterator[str]:
        state = self.words["open" if node.states.get("expanded") else "closed"]
        yield self._line("fold", f"{self.spoken(node)}{self.words['comma']}{state}")

    def _descriptionlist(self, node: Node) -> Iterator[str]:
        term = ""
        for one in _below(node):
            if one.role in ("term", "DescriptionListTerm"):
                term = self.spoken(one)
            else:
                told = self.words["stop"].join(self._inside(one))
                yield f"{term}{self.words['colon']}{told}"

    def _listitem(self, node: Node) -> Iterator[str]:
        current = self.words["now"] if node.states.get("current") else ""
        lines = list(self._inside(node))
        if current and lines:
            lines[-1] += f"{self.words['comma']}{current}"
        yield from lines

    def _listmarker(self, node: Node) -> Iterator[str]:
        return iter(())


def _texts(node: Node) -> bool:
    """Tell whether there are words beside links."""
    if node.role == "StaticText":
        return bool(node.name.strip())
    return node.role != "link" and any(map(_texts, node.children))


def _flows(node: Node, *, deep: bool = True) -> bool:
    """Tell whether a node stands in a line with others, all of it."""
    if node.role == "link":
        return True
    if node.role in ("image", "img"):
        return False
    if (node.role not in _INLINE and not node.hidden) or node.element in _BLOCKS:
        return False
    return all(map(_flows, node.children)) if deep else not node.children


def _below(node: Node) -> Iterator[Node]:
    """The nodes below, past those that are only markup."""
    for child in node.children:
        if child.hidden or child.role in ("generic", "none", "rowgroup"):
            yield from _below(child)
        else:
            yield child


def _close(text: str) -> str:
    return _SPACE.sub(" ", text).strip()
