"""`huxin trust sign` and `huxin trust vote`: a person who has read a proposal signs it, or says what the region thinks."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final
from unicodedata import normalize

import click

from huxin.cli import speech
from huxin.cli.options import EXISTING_FILE, json_option, language_option, passphrase_option
from huxin.cli.trust_files import (
    at_option,
    keys_option,
    moment,
    read_proposal,
    replace_proposal,
    repository_option,
    show_review,
    stands,
    state_option,
    unlock,
)
from huxin.kernel.errors import RefusalError
from huxin.trust.ceremony.asked import asked, voters
from huxin.trust.ceremony.basis import check_base
from huxin.trust.ceremony.dissent import records_dissent, with_dissent
from huxin.trust.ceremony.proposal import Proposal, cast_vote, sign_proposal
from huxin.trust.ceremony.review import review
from huxin.trust.federation.repository import Repository

__all__ = ["sign", "vote"]

_SIGN: Final = """\b
Examples 例:
  huxin trust sign join.json --key qv-charter.key --key qv-root.key --repository list
  huxin trust sign join.json --key qv-charter.key --repository list --yes

\b
Exit status 退出码: 0 signed 已签 · 1 refused, or not agreed to 没签
"""
_VOTE: Final = """\b
Examples 例:
  huxin trust vote amended.json --key qv-charter.key --against --text "Too short a notice" --repository list

\b
Exit status 退出码: 0 voted 已表态 · 1 refused 有问题
"""


@click.command("sign", epilog=_SIGN, short_help="Sign a proposal. 签名")
@click.argument("path", type=EXISTING_FILE, metavar="FILE")
@keys_option
@click.option("--yes", is_flag=True, help="Do not ask; the proposal has been read.")
@repository_option
@state_option
@passphrase_option
@at_option
@json_option
@language_option
def sign(  # noqa: PLR0913  # one parameter for each option of the command
    path: Path,
    keys: tuple[Path, ...],
    yes: bool,
    folder: Path,
    state: Path | None,
    passphrase_file: Path | None,
    at: datetime | None,
    as_json: bool,
) -> None:
    """Read what a proposal changes, then sign it with each --key; the signatures are added to FILE.

    先看改动，再用每把 --key 签名；签名加进 FILE。
    """
    if not keys:
        raise click.UsageError("no --key to sign with")
    now, proposal = moment(at), read_proposal(path)
    before = stands(folder, state, now, moved=at is not None)
    told = review(proposal, before, now=now)
    words = speech.current()
    if not yes:
        show_review(told)
    if told["lint"]:
        # What a door would refuse is not worth a signature, and may be worth somebody's trick.
        raise RefusalError(told["lint"][0]["code"], told["lint"][0]["detail"])
    if not yes:
        click.confirm(f"\n{words.say('sign-confirm')}", abort=True, err=True)
    done = []
    for one in keys:
        key, private = unlock(one, passphrase_file)
        proposal, roles = sign_proposal(proposal, private, asked(proposal, before))
        done.append({"region": key.region, "purpose": key.purpose, "roles": list(roles)})
    replace_proposal(path, proposal)
    if as_json:
        speech.print_json({"signed": done, "signatures": review(proposal, before, now=now)["signatures"]})  # fmt: skip
        return
    for row in done:
        line = words.say("signed", **row | {"roles": ", ".join(row["roles"])})
        speech.console().print(f"✓ {line}")


@click.command("vote", epilog=_VOTE, short_help="Say what a region thinks. 表态")
@click.argument("path", type=EXISTING_FILE, metavar="FILE")
@click.option("--key", type=EXISTING_FILE, required=True, help="The region's charter key.")
@click.option("--for/--against", "agrees", default=None, required=True, help="In favour, or not.")
@click.option("--text", required=True, help="Why; it is published.")
@repository_option
@state_option
@passphrase_option
@at_option
@json_option
@language_option
def vote(  # noqa: PLR0913  # one parameter for each option of the command
    path: Path,
    key: Path,
    agrees: bool,
    text: str,
    folder: Path,
    state: Path | None,
    passphrase_file: Path | None,
    at: datetime | None,
    as_json: bool,
) -> None:
    """Add a region's vote to a proposal: in favour or against, with its reason.

    Against an amendment of the charter, or a notice of all regions, the dissent is written into the text itself, as
    long as nobody has signed.

    把一个区域的赞成或反对及理由加进提案；对章程修订或联盟通报的反对会写进正文（须在任何人签名之前）。
    """
    before = stands(folder, state, moment(at), moved=at is not None)
    proposal = read_proposal(path)
    check_base(proposal, before)
    held, private = unlock(key, passphrase_file)
    text = normalize("NFC", text)
    region = _charter_region(proposal, before, held.public)
    if records_dissent(proposal) and not agrees:
        proposal = with_dissent(proposal, before, region, text)
    proposal = cast_vote(proposal, private, region=region, agrees=agrees, text=text, now=moment(at))
    replace_proposal(path, proposal)
    words = speech.current()
    if as_json:
        speech.print_json({"region": region, "agrees": agrees, "text": text})
        return
    said = words.say("vote-yes" if agrees else "vote-no")
    speech.console().print(f"✓ {words.say('voted', region=region, vote=said)}")


def _charter_region(proposal: Proposal, before: Repository | None, public: str) -> str:
    """Return whose charter key this is, as the list that stands has it; refuses with `trust-keys`."""
    for region, one in voters(proposal, before):
        if one == public:
            return region
    raise RefusalError("trust-keys", "a vote is cast with the charter key of a region")
