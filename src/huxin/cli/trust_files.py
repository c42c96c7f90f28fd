"""What the ceremonies share: their options, their files, and how a proposal is shown before anybody signs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from huxin.adapters import clock, federation_key, intake, output, trust_repository
from huxin.adapters.federation_key import FederationKey
from huxin.cli import speech
from huxin.cli.instant_type import Instant
from huxin.cli.options import EXISTING_FILE, ask_passphrase
from huxin.kernel.crypto import PrivateKey
from huxin.kernel.errors import RefusalError
from huxin.trust.ceremony.proposal import (
    MOST_BYTES,
    Proposal,
    parse_proposal,
    write_proposal,
)
from huxin.trust.federation.repository import Repository

__all__ = [
    "FOLDER",
    "at_option",
    "keys_option",
    "moment",
    "read_folder",
    "read_proposal",
    "replace_proposal",
    "repository_option",
    "show_review",
    "stands",
    "state_option",
    "unlock",
    "written",
]

_Command = TypeVar("_Command", bound=Callable[..., Any])

FOLDER: Final = click.Path(file_okay=False, path_type=Path)


def repository_option(command: _Command) -> _Command:
    """Add `--repository`."""
    return click.option(
        "--repository",
        "folder",
        type=FOLDER,
        required=True,
        envvar="HUXIN_TRUST_REPOSITORY",
        help="Folder of the shared list (HUXIN_TRUST_REPOSITORY).",
    )(command)


def state_option(command: _Command) -> _Command:
    """Add `--state`."""
    return click.option(
        "--state",
        type=FOLDER,
        metavar="DIR",
        help="What this signer holds of the list: the one in --repository is verified against it first.",
    )(command)


def at_option(command: _Command) -> _Command:
    """Add `--at`."""
    return click.option("--at", type=Instant(), help="As at this instant instead of now.")(command)


def keys_option(command: _Command) -> _Command:
    """Add `--key`, any number of times."""
    return click.option(
        "--key",
        "keys",
        type=EXISTING_FILE,
        multiple=True,
        help="File of a federation key; may be given several times.",
    )(command)


def moment(at: datetime | None) -> datetime:
    """Return the instant that a command works at."""
    return (at or clock.now()).replace(microsecond=0)


def read_folder(folder: Path) -> Repository | None:
    """Return the list that stands in a folder, `None` where there is none."""
    return trust_repository.read_repository(folder)


def stands(
    folder: Path, state: Path | None, now: datetime, *, moved: bool = False
) -> Repository | None:
    """Return the list that a signer builds upon: with a state, verified as a door does it, or refused likewise.

    Without one it is what lies in the folder, and whoever brought the folder is believed.
    """
    before = read_folder(folder)
    if state is None:
        return before
    # The TUF library is only loaded for this.
    from huxin.adapters import trust_refresh, trust_source, trust_state

    if trust_state.read_held(state) is None:
        # What would be believed here is what lies in the folder, and nobody would have compared it.
        raise RefusalError("trust-pin", f"{state.name} holds no list yet: huxin trust refresh")
    if before is None:
        raise RefusalError("trust-missing", "no list in the folder, and one in the state")
    trust_refresh.refresh(trust_source.Folder(folder), state, root=None, now=now, moved=moved)
    held = trust_state.read_held(state)
    if held is None or held.metadata("timestamp") != before.roles["timestamp"].data:
        raise RefusalError("trust-mismatch", "the folder changed while it was read")
    # The folder's, which is the same list and has roles besides that ended: those sign anew here.
    return before


def read_proposal(*paths: Path) -> Proposal:
    """Read a proposal; several files of one are laid together by the caller."""
    return parse_proposal(intake.read(paths[0], limit=MOST_BYTES))


def written(proposal: Proposal) -> bytes:
    """Return the file of a proposal; refuses with `trust-file` one that nobody could read again."""
    data = write_proposal(proposal)
    parse_proposal(data)
    return data


def replace_proposal(path: Path, proposal: Proposal) -> None:
    """Write a proposal over the file it came from: its old bytes or its new ones; refuses as `written` does."""
    data = written(proposal)
    try:
        output.replace(path, data, mode=0o644)
    except OSError as error:
        raise output.refusal(error, path.name) from error


def unlock(path: Path, passphrase_file: Path | None) -> tuple[FederationKey, PrivateKey]:
    """Return a federation key and its private half, asking for the passphrase where no file has it."""
    key = federation_key.read(path)
    words = speech.current()
    if passphrase_file is None:
        question = words.say("ask-federation-passphrase", region=key.region, purpose=key.purpose)
        passphrase: str = click.prompt(question, hide_input=True, err=True)
    else:
        passphrase = ask_passphrase("ask-federation-passphrase-new", passphrase_file)
    return key, key.unlock(passphrase)


def show_review(told: dict[str, Any]) -> None:
    """Write a review for people."""
    console, words = speech.console(), speech.current()
    language = words.language
    console.print(speech.harmless(told["title"][language]), style="bold")
    console.print(words.say("proposal-name", name=told["fingerprint"]))
    changes = [one for one in told["changes"] if one["code"] != "lasts"]
    console.print(f"\n{words.say('proposal-changes' if changes else 'proposal-nothing')}")
    for one in told["changes"]:
        console.print(f"  {'!' if one['grave'] else '·'} {speech.harmless(one[language])}")
    effect = told["effect"]
    if effect is None:
        why = words.sentence(told["effect_unknown"])
        console.print(f"\n{words.say('proposal-effect-none', why=why)}")
    else:
        numbers = {name: f"{effect[name]:,}" for name in ("cards", "gained", "lost")}
        numbers |= {"added": effect["keys_added"], "taken": effect["keys_taken"]}
        console.print(f"\n{words.say('proposal-effect', **numbers)}")
    console.print(f"\n{words.say('proposal-lint' if told['lint'] else 'proposal-lint-clean')}")
    for fault in told["lint"]:
        detail = speech.harmless(fault["detail"])
        console.print(f"  ✕ {words.sentence(fault['code'])} [{fault['code']}] {detail}")
    _show_signatures(told["signatures"])
    if told["votes"]:
        console.print(f"\n{words.say('proposal-votes')}")
    for vote in told["votes"]:
        side = words.say("vote-yes" if vote["agrees"] else "vote-no")
        console.print(f"  {vote['region']}  {side}  {speech.harmless(vote['text'])}")


def _show_signatures(asked: Iterable[dict[str, Any]]) -> None:
    console, words = speech.console(), speech.current()
    console.print(f"\n{words.say('proposal-signatures')}")
    for one in asked:
        who = ", ".join(one["signed"]) or words.say("proposal-nobody")
        values = {"role": one["role"], "signed": len(one["signed"]), "threshold": one["threshold"]}
        name, mark = ("proposal-asked", "…") if one["lacking"] else ("proposal-full", "✓")
        line = words.say(name, **values, who=who, open=", ".join(one["open"]))
        console.print(f"  {mark} {speech.harmless(line)}")
