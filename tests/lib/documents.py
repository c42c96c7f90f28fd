"""Reading our own documents: tables, links, shown commands, and the command tree they are held to."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import click
import pytest

from huxin.cli.main import main

__all__ = [
    "ROOT",
    "anchors",
    "check_command",
    "console_commands",
    "leaves",
    "relative_links",
    "table_rows",
]

ROOT: Final = Path(__file__).parents[2]

_LINK: Final = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FENCE: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


# --------------------------------------------------------------------------------- reading Markdown


def table_rows(text: str) -> Iterator[list[str]]:
    """Yield the cells of each table row, heads and rulers left out."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if line.startswith("|") and not _is_ruler(line) and not _is_ruler(following):
            cells = re.split(r"(?<!\\)\|", line.strip().strip("|"))
            yield [cell.strip() for cell in cells]


def _is_ruler(line: str) -> bool:
    return bool(re.fullmatch(r"\|[\s:|-]+\|", line))


def relative_links(text: str) -> list[str]:
    """Return the targets of links that lead into the repository."""
    without_code = re.sub(r"`[^`\n]*`", "", _FENCE.sub("", text))
    return [t for t in _LINK.findall(without_code) if not re.match(r"[a-z]+:", t)]


def anchors(page: Path) -> set[str]:
    """Return the fragments that headings of `page` can be reached by, as GitHub makes them."""
    text = _FENCE.sub("", page.read_text("utf-8"))
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


def console_commands(text: str) -> Iterator[str]:
    """Yield what a reader is told to type, lines joined at a backslash."""
    for language, body in _FENCE.findall(text):
        if language == "console":
            joined = body.replace("\\\n", " ")
            yield from re.findall(r"^\$ (.+)$", joined, re.MULTILINE)


# -------------------------------------------------------------------------------- the command tree


@cache
def leaves() -> dict[tuple[str, ...], click.Command]:
    """Return every command that does something, by its words after `huxin`."""
    found: dict[tuple[str, ...], click.Command] = {}

    def walk(command: click.Command, words: tuple[str, ...]) -> None:
        if not isinstance(command, click.Group):
            found[words] = command
            return
        context = click.Context(command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            if not child.hidden:
                walk(child, (*words, name))

    walk(main, ())
    return found


def check_command(line: str) -> None:
    """Fail unless `line` (`huxin …`) names a command, with options and choices that it has."""
    words = shlex.split(line, comments=True)
    for stop in ("|", ">", ">>", "&&", ";", "2>"):
        if stop in words:
            words = words[: words.index(stop)]
    command: click.Command = main
    rest = words[1:]
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        child = command.get_command(click.Context(command), rest[0])
        assert child is not None, f"no such command: {line}"
        command, rest = child, rest[1:]
    if not rest:
        return
    try:
        context = click.Context(command)
        values, _, _ = command.make_parser(context).parse_args(rest)
    except click.UsageError as error:
        pytest.fail(f"{line}: {error.format_message()}")
    for parameter in command.params:
        value = values.get(parameter.name or "")
        if isinstance(parameter.type, click.Choice) and isinstance(value, str):
            parameter.type.convert(value, parameter, context)
