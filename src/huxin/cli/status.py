"""`huxin status`: sets of withdrawn places, written, read and asked.  They are not signed here, and of a set that
was signed nobody is asked whether by the right key: that is for `huxin verify`.

What is no set, no index or too much of either ends with exit status 2, so that 1 has one
meaning: withdrawn.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click

from huxin.adapters import intake, output
from huxin.cli import speech
from huxin.cli.options import NEW_FILE, json_option, language_option
from huxin.kernel.errors import RefusalError
from huxin.trust.status import rice, signed_set, token_list
from huxin.trust.status.index_set import MAX_BITS, MIN_BITS, IndexSet

__all__ = ["REFUSED_WITH", "status"]

REFUSED_WITH: Final = "huxin.refused-with"
_BAD_INPUT: Final = 2
_WITHDRAWN: Final = 1
_MAX_TEXT: Final = 100_000_000
_MAX_SET: Final = max(signed_set.MAX_BYTES, token_list.MAX_BYTES)
# A signed set begins with the length of its COSE_Sign1, which begins with its tag.
_LENGTH_BYTES: Final = 2
_SIGN1: Final = b"\xd2"
_STDIN: Final = Path("-")
_LINE: Final = re.compile(r'\s*(?:\{\s*"idx"\s*:\s*([0-9]{1,10})\s*\}|([0-9]{1,10}))\s*')
_WRITERS: Final[dict[str, Callable[[IndexSet], bytes]]] = {
    "rice": rice.encode,
    "token": token_list.encode,
}
_ENCODE_EPILOG: Final = """\b
Examples 例:
  huxin status encode withdrawn.txt --out 1.hxs
  huxin status encode withdrawn.jsonl --form token --out 1.lst
"""
_DECODE_EPILOG: Final = """\b
Examples 例:
  huxin status decode 1.hxs
  huxin status decode 1.lst --json
"""
_CHECK_EPILOG: Final = """\b
Example 例:
  huxin status check 1.hxs 88310

\b
Exit status 退出码: 0 not withdrawn 未撤回 · 1 withdrawn 已撤回 · 2 bad input 输入有误
"""
_FILE: Final = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)


@click.group(short_help="Sets of withdrawn places. 状态集合")
@click.pass_context
def status(context: click.Context) -> None:
    """Write, read and ask sets of withdrawn places, in Rice code or as a Token Status List.

    写、读、查已撤回序号的集合。
    """
    context.meta[REFUSED_WITH] = _BAD_INPUT


@status.command(epilog=_ENCODE_EPILOG, short_help="Indices to a set. 写成集合")
@click.argument("indices", type=_FILE)
@click.option("--out", type=NEW_FILE, required=True, help="The new file.")
@click.option(
    "--bits",
    type=click.IntRange(MIN_BITS, MAX_BITS),
    default=MIN_BITS,
    show_default=True,
    help="The list has 2^BITS places.",
)
@click.option(
    "--form",
    type=click.Choice(tuple(_WRITERS)),
    default="rice",
    show_default=True,
    help="Rice code, or the `lst` of a Token Status List.",
)
@json_option
@language_option
def encode(indices: Path, out: Path, bits: int, form: str, as_json: bool) -> None:
    """Write a set from a file with one index, or one {"idx": INDEX}, a line.

    INDICES is a file, or - for standard input.

    把每行一个的序号写成集合文件。
    """
    found = IndexSet.of(_indices(_read(indices, _MAX_TEXT)), bits=bits)
    data = _WRITERS[form](found)
    output.write_new(out, data)
    if as_json:
        speech.print_json(_about(found, form) | {"bytes": len(data)})
    else:
        click.echo(speech.current().say("status-written", number=len(found), size=len(data)))


@status.command(epilog=_DECODE_EPILOG, short_help="A set to indices. 读出集合")
@click.argument("file", type=_FILE, metavar="SET")
@json_option
@language_option
def decode(file: Path, as_json: bool) -> None:
    """Write the indices of a set, rising, one a line. SET is a file, or - for standard input.

    A signed set is read too; whether the right key signed it is not looked at.

    按升序列出集合里的序号；有签名的也读，但不验签名。
    """
    form, found = _set(file)
    if as_json:
        told = _about(found, form) | {"indices": list(found.indices)}
        speech.print_json(told, indent=None)
        return
    for index in found.indices:
        click.echo(index)


@status.command(epilog=_CHECK_EPILOG, short_help="Is an index in a set? 查一个序号")
@click.argument("file", type=_FILE, metavar="SET")
@click.argument("index", type=click.IntRange(0))
@json_option
@language_option
def check(file: Path, index: int, as_json: bool) -> None:
    """Tell by the exit status whether the place INDEX is withdrawn.

    查一个序号是否已撤回。
    """
    form, found = _set(file)
    if index >= found.places:
        raise RefusalError("bad-input", "an index that is no place of the list")
    withdrawn = index in found.indices
    if as_json:
        speech.print_json(_about(found, form) | {"index": index, "revoked": withdrawn})
    else:
        click.echo(speech.current().say("status-withdrawn" if withdrawn else "status-kept"))
    click.get_current_context().exit(_WITHDRAWN if withdrawn else 0)


def _about(found: IndexSet, form: str) -> dict[str, Any]:
    return {"form": form, "bits": found.bits, "count": len(found)}


def _read(file: Path, limit: int) -> bytes:
    if file == _STDIN:
        return intake.read_stream(sys.stdin.buffer, limit=limit, name="-")
    return intake.read(file, limit=limit)


def _set(file: Path) -> tuple[str, IndexSet]:
    data = _read(file, _MAX_SET)
    if data.startswith(b"HXS"):
        return "rice", rice.decode(data)
    if data[_LENGTH_BYTES : _LENGTH_BYTES + 1] == _SIGN1:
        return "signed", signed_set.reopen(data).found
    return "token", token_list.decode(data)


def _indices(data: bytes) -> list[int]:
    found: list[int] = []
    for number, line in enumerate(data.decode("utf-8-sig", "replace").splitlines(), 1):
        match = _LINE.fullmatch(line)
        if match is None or len(found) >> MAX_BITS:
            raise RefusalError("bad-input", f"line {number} is no index")
        found.append(int(match[1] or match[2]))
    return found
