"""`huxin trust propose`: a change of the shared list as one file, for others to read and sign."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar, cast
from unicodedata import normalize

import click

from huxin.adapters import intake, output
from huxin.cli import speech
from huxin.cli.options import EXISTING_FILE, NEW_FILE, json_option, language_option
from huxin.cli.trust_files import (
    at_option,
    moment,
    read_folder,
    repository_option,
    show_review,
    written,
)
from huxin.cli.trust_words import TITLES
from huxin.kernel.errors import RefusalError
from huxin.kernel.identifiers import parse_region
from huxin.trust.ceremony.draft import Draft, found, renewed
from huxin.trust.ceremony.proposal import Proposal
from huxin.trust.ceremony.review import review
from huxin.trust.ceremony.statement import MOST_BYTES, Statement, parse_statement
from huxin.trust.federation.charter import Suspension, parse_charter
from huxin.trust.federation.layout import MOST_TARGET, keys_path, region_role
from huxin.trust.federation.notices import NOTICE_KINDS, TOGETHER, Notice
from huxin.trust.federation.region_keys import REASONS, parse_region_keys, write_region_keys

__all__ = ["propose"]

_Command = TypeVar("_Command", bound=Callable[..., Any])
_MOST_TEXT: Final = 100_000
_EPILOG: Final = """\b
Examples 例:
  huxin trust propose found qv/qv.statement.json qw/qw.statement.json --charter charter.json \\
    --repository list --out found.json
  huxin trust propose join xa.statement.json --repository list --out join.json
  huxin trust propose suspend QW --reason-zh 密钥外泄 --reason-en "A key leaked" \\
    --repository list --out suspend.json
  huxin trust propose publish QV --file rules.json=rules.json --repository list --out rules.proposal.json
"""


@click.group("propose", epilog=_EPILOG, short_help="Propose a change of the list. 提案")
def propose() -> None:
    """Write a change of the shared list as one file; others read it (diff), sign it (sign) and publish it.

    把对共同清单的一项改动写成一个文件；他人看（diff）、签（sign）、发布（publish）。
    """


def _proposes(command: _Command) -> _Command:
    """Add what every proposal has: the list, where to write, what it is called, when."""
    for option in (
        language_option,
        json_option,
        at_option,
        click.option("--title-en", help="What it is called, in English."),
        click.option("--title-zh", help="What it is called, in Chinese."),
        click.option("--out", type=NEW_FILE, required=True, help="The file to write."),
        repository_option,
    ):
        command = option(command)
    return command


class _Wish:
    """The options that every proposal has."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.now = moment(cast("datetime | None", options["at"]))
        self.before = read_folder(options["folder"])
        self.out: Path = options["out"]
        self.as_json: bool = options["as_json"]
        self._titles = (options["title_zh"], options["title_en"])

    def title(self, kind: str, what: str = "") -> dict[str, str]:
        """Return what the proposal is called, in each language."""
        pairs = zip(("zh", "en"), self._titles, TITLES[kind], strict=True)
        return {
            language: normalize("NFC", own) if own else usual.format(what=what)
            for language, own, usual in pairs
        }

    def draft(self) -> Draft:
        """Return a draft upon the list that stands; refuses with `trust-missing` where there is none."""
        if self.before is None:
            raise RefusalError("trust-missing", "no list has been published here")
        return Draft.of(self.before, now=self.now)

    def done(self, proposal: Proposal) -> None:
        """Write the proposal and show it."""
        told = review(proposal, self.before, now=self.now)
        output.write_new(self.out, written(proposal))
        if self.as_json:
            speech.print_json({"proposal": str(self.out)} | told)
            return
        show_review(told)
        words = speech.current()
        speech.console().print(f"\n{words.say('proposal-made', path=self.out)}")


def _statement(path: Path) -> Statement:
    return parse_statement(intake.read(path, limit=MOST_BYTES))


@propose.command("found", short_help="Found a federation. 建立联盟")
@click.argument("statements", nargs=-1, required=True, type=EXISTING_FILE)
@click.option("--charter", type=EXISTING_FILE, required=True, help="The charter (JSON).")
@click.option(
    "--council", multiple=True, help="A region that keeps the root, where there are over 50."
)
@_proposes
def found_(
    statements: tuple[Path, ...], charter: Path, council: tuple[str, ...], **options: Any
) -> None:
    """Found a federation of the regions whose STATEMENTS these are; one region is enough. 一个区域也能建。"""
    wish = _Wish(options)
    if wish.before is not None:
        raise RefusalError("exists", "a list has been published here")
    text = parse_charter(intake.read(charter, limit=MOST_TARGET))
    title = wish.title("found")
    wish.done(
        found(map(_statement, statements), text, title=title, now=wish.now, root_council=council)
    )


@propose.command("join", short_help="A region joins, on probation. 加入")
@click.argument("statement", type=EXISTING_FILE)
@_proposes
def join(statement: Path, **options: Any) -> None:
    """Let the region whose STATEMENT this is join, on probation first. 先试用。"""
    wish, said = _Wish(options), _statement(statement)
    wish.done(wish.draft().join(said, title=wish.title("join", said.region)))


@propose.command("admit", short_help="End a region's probation. 转正")
@click.argument("statement", type=EXISTING_FILE)
@_proposes
def admit(statement: Path, **options: Any) -> None:
    """Make the region whose STATEMENT this is an active member: trusted, and with a vote, from then on. 从此受信、有投票权。"""
    wish, said = _Wish(options), _statement(statement)
    wish.done(wish.draft().admit(said, title=wish.title("admit", said.region)))


@propose.command("leave", short_help="A region leaves; its cards still verify. 离开")
@click.argument("region")
@click.option("--successor", help="The region that takes over, after a merger or a split.")
@_proposes
def leave(region: str, successor: str | None, **options: Any) -> None:
    """Let a region leave: it issues no more, and what it issued verifies until its keys end. 旧卡仍可验。"""
    wish = _Wish(options)
    title = wish.title("leave", region)
    wish.done(wish.draft().leave(region, title=title, successor=successor))


@propose.command("expel", short_help="A region is no member any more. 除名")
@click.argument("region")
@_proposes
def expel(region: str, **options: Any) -> None:
    """Take a region out, and its keys with it, at once. 立即不再受信。"""
    wish = _Wish(options)
    wish.done(wish.draft().expel(region, title=wish.title("expel", region)))


@propose.command("rotate", short_help="Other federation keys for a region. 换密钥")
@click.argument("statement", type=EXISTING_FILE)
@_proposes
def rotate(statement: Path, **options: Any) -> None:
    """Replace the federation keys of a member by those of its new STATEMENT. 换签名密钥。"""
    wish, said = _Wish(options), _statement(statement)
    wish.done(wish.draft().rotate(said, title=wish.title("rotate", said.region)))


@propose.command("suspend", short_help="Suspend a region or a key. 紧急暂停")
@click.argument("region")
@click.option("--material", help="One key only: SHA-256 of its public key, 64 hexadecimal digits.")
@click.option("--reason-zh", required=True, help="Why, in Chinese.")
@click.option("--reason-en", required=True, help="Why, in English.")
@_proposes
def suspend(
    region: str, material: str | None, reason_zh: str, reason_en: str, **options: Any
) -> None:
    """Suspend a region or one of its keys; it lapses after 14 days unless a majority confirms it. 14 天后自动失效。"""
    wish = _Wish(options)
    name = f"{region}-{wish.now:%Y%m%dT%H%M%SZ}"
    reason = {"zh": reason_zh, "en": reason_en}
    suspension = Suspension(name, region, material, wish.now, reason)
    wish.done(wish.draft().suspend(suspension, title=wish.title("suspend", region)))


@propose.command("confirm", short_help="A suspension does not lapse. 确认暂停")
@click.argument("name")
@_proposes
def confirm(name: str, **options: Any) -> None:
    """Let the suspension NAME stand until a majority ends it. 由多数确认。"""
    wish = _Wish(options)
    wish.done(wish.draft().confirm(name, title=wish.title("confirm", name)))


@propose.command("charter", short_help="Amend the charter. 修订章程")
@click.argument("charter", type=EXISTING_FILE)
@_proposes
def charter_(charter: Path, **options: Any) -> None:
    """Put CHARTER in the place of the one that stands. 修订章程。"""
    wish = _Wish(options)
    text = parse_charter(intake.read(charter, limit=MOST_TARGET))
    wish.done(wish.draft().amend(text, title=wish.title("charter")))


@propose.command("notice", short_help="Tell everybody something. 通报")
@click.argument("by", metavar="federation|REGION")
@click.option("--kind", type=click.Choice(NOTICE_KINDS), required=True, help="What it is.")
@click.option("--name", required=True, help="A short name, such as 2026-001; each once.")
@click.option("--text-zh", type=EXISTING_FILE, required=True, help="The text in Chinese.")
@click.option("--text-en", type=EXISTING_FILE, required=True, help="The text in English.")
@click.option("--concerns", multiple=True, metavar="REGION", help="A region that it is about.")
@click.option("--corrects", metavar="NAME", help="The notice that it puts right.")
@_proposes
def notice(by: str, name: str, **options: Any) -> None:
    """Publish a notice: an incident, a breach of data, or news; of all regions together, or of one.

    The title is given by --title-zh and --title-en. Notices are never taken back; a later one corrects.

    发布通报（事件、数据安全或消息）：联盟一起，或一个区域。发出不收回，只更正。
    """
    wish = _Wish(options)
    if not (options["title_zh"] and options["title_en"]):
        raise click.UsageError("a notice has a title: give --title-zh and --title-en")
    title = wish.title("notice")
    said = Notice(
        name,
        options["kind"],
        wish.now,
        title,
        {"zh": _text(options["text_zh"]), "en": _text(options["text_en"])},
        tuple(sorted({parse_region(one) for one in options["concerns"]})),
        options["corrects"],
    )
    who = by if by == TOGETHER else parse_region(by)
    wish.done(wish.draft().announce(said, by=who, title=title))


def _text(path: Path) -> str:
    try:
        text = intake.read(path, limit=_MOST_TEXT).decode("utf-8-sig")
        return normalize("NFC", text.strip().replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        raise RefusalError("bad-input", f"{path.name}: not UTF-8") from error


@propose.command("publish", short_help="A region's own files: keys, rules, notices. 发布文件")
@click.argument("region")
@click.option(
    "--file",
    "files",
    multiple=True,
    metavar="NAME=FILE",
    help="A file under a name, such as rules.json=…",
)
@click.option("--signs", type=EXISTING_FILE, multiple=True, help="A further key that signs cards.")
@_proposes
def publish(region: str, files: tuple[str, ...], signs: tuple[Path, ...], **options: Any) -> None:
    """Publish files of REGION's own, or further keys of it. 发布本区域的文件或新密钥。"""
    wish = _Wish(options)
    documents = {f"{region}/{name}": data for name, data in map(_named, files)}
    if signs:
        documents[keys_path(region)] = _with_keys(wish, region, signs)
    if not documents:
        raise click.UsageError("nothing to publish: give --file or --signs")
    wish.done(wish.draft().publish(region, documents, title=wish.title("publish", region)))


def _named(written: str) -> tuple[str, bytes]:
    name, sign, path = written.partition("=")
    if not sign or not name or "/" in name or name.startswith("."):
        raise click.UsageError(f"{written!r} is not NAME=FILE")
    return name, intake.read(Path(path), limit=MOST_TARGET)


def _with_keys(wish: _Wish, region: str, signs: tuple[Path, ...]) -> bytes:
    from huxin.cli.trust_init import signing_keys

    targets = {} if wish.before is None else wish.before.targets
    if keys_path(region) not in targets:
        raise RefusalError("trust-missing", keys_path(region))
    held = parse_region_keys(targets[keys_path(region)])
    more = signing_keys(signs, region, held.environment)
    return write_region_keys(replace(held, keys=(*held.keys, *more)))


@propose.command("revoke", short_help="Bury a key for good. 永久撤销")
@click.argument("region")
@click.argument("materials", nargs=-1, required=True)
@click.option(
    "--reason", type=click.Choice(REASONS), required=True, help="Why; the list is closed."
)
@_proposes
def revoke(region: str, materials: tuple[str, ...], reason: str, **options: Any) -> None:
    """Bury keys of REGION, named by MATERIALS (SHA-256 of the public key); nobody can take it back. 不可撤回。"""
    wish = _Wish(options)
    try:
        buried = [bytes.fromhex(one) for one in materials]
    except ValueError as error:
        raise RefusalError("bad-input", "not 64 hexadecimal digits") from error
    title = wish.title("revoke", region)
    wish.done(wish.draft().revoke(region, buried, reason=reason, title=title))


@propose.command("renew", short_help="Let roles last longer. 续期")
@click.argument("roles", nargs=-1)
@_proposes
def renew(roles: tuple[str, ...], **options: Any) -> None:
    """Sign ROLES anew (root, targets, emergency, or a region such as QV); none is the witnesses' daily round. 每日见证。"""
    wish = _Wish(options)
    chosen = [_role(one) for one in roles]
    wish.done(renewed(wish.draft(), chosen, title=wish.title("renew")))


def _role(name: str) -> str:
    return name if name in ("root", "targets", "emergency") else region_role(name)
