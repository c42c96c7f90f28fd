"""What a correction changed, as a reader sees it: a line for each thing that is other than before."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any, Final

from huxin.node.base.faces import Change
from huxin.node.base.words import current
from huxin.packs.reader import Words

__all__ = ["changes"]

_FIELDS: Final = {
    "title": Words("标题", "Title"),
    "author": Words("谁说的", "Author"),
    "source": Words("来源", "Source"),
    "expires": Words("最后一天", "Last day"),
    "alt": Words("图片说明", "What the picture shows"),
}
_PICTURE: Final = Words("图片换过", "The picture is another one")
_ADDED: Final = Words("加了图片", "A picture was added")
_GONE: Final = Words("去掉了图片", "The picture was removed")
_OTHER: Final = Words("只改了英文", "Only the Chinese was changed")


def changes(before: Any, after: Any) -> list[Change]:
    """Return what differs between two versions, in the page's language."""
    found = [*_in(before, after, current()), *_picture(before, after)]
    if not found and any(_in(before, after, "en" if current() == "zh" else "zh")):
        found.append(Change("mod", _OTHER))
    return found


def _in(before: Any, after: Any, language: str) -> Iterator[Change]:
    for name, words in _FIELDS.items():
        old, new = (_of(one, name, language) for one in (before, after))
        if old != new:
            yield Change("mod", _line(words, old, new))
    old_lines, new_lines = (_lines(one, language) for one in (before, after))
    for kind, i, j, k, m in SequenceMatcher(
        None, old_lines, new_lines, autojunk=False
    ).get_opcodes():
        if kind != "equal":
            yield from (Change("del", line) for line in old_lines[i:j])
            yield from (Change("add", line) for line in new_lines[k:m])


def _of(version: Any, name: str, language: str) -> str:
    own = f"{name}_{language}"
    return str(getattr(version, own if hasattr(version, own) else name))


def _lines(version: Any, language: str) -> list[str]:
    body: str = getattr(version, f"body_{language}")
    return [line.strip() for line in body.splitlines() if line.strip()]


def _line(words: Words, old: str, new: str) -> Words:
    return Words(
        f"{words.zh}：{old or '（空）'} → {new or '（空）'}",
        f"{words.en}: {old or '(empty)'} → {new or '(empty)'}",
    )


def _picture(before: Any, after: Any) -> Iterator[Change]:
    if not before.picture_type and after.picture_type:
        yield Change("add", _ADDED)
    elif before.picture_type and not after.picture_type:
        yield Change("del", _GONE)
    elif before.picture_type and bytes(before.picture) != bytes(after.picture):
        yield Change("mod", _PICTURE)
