"""Options that several commands share, and how a passphrase is asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from huxin.adapters import intake, rule_files
from huxin.adapters.clock import ENVIRONMENT
from huxin.cli import speech
from huxin.kernel.errors import RefusalError
from huxin.trust.anchors import ENVIRONMENTS
from huxin.trust.rules.book import RuleBook
from huxin.trust.rules.rule import LANGUAGES

__all__ = [
    "EXISTING_FILE",
    "EXISTING_FOLDER",
    "NEW_FILE",
    "ask_passphrase",
    "environment_option",
    "json_option",
    "language_option",
    "passphrase_option",
    "place_rules_options",
    "rules_asked",
    "rules_option",
    "says_json",
    "writing_option",
]

_Command = TypeVar("_Command", bound=Callable[..., Any])

EXISTING_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
EXISTING_FOLDER: Final = click.Path(exists=True, file_okay=False, path_type=Path)
NEW_FILE: Final = click.Path(dir_okay=False, path_type=Path)

_META: Final = "huxin.json"
_MAX_PASSPHRASE_FILE: Final = 4_096
_OTHERS: Final = 0o077


def language_option(command: _Command) -> _Command:
    """Add `--lang`."""
    return click.option(
        "--lang",
        type=click.Choice(speech.LANGUAGES),
        expose_value=False,
        callback=speech.choose,
        help="Language of the answer (default: HUXIN_LANG, then the system's).",
    )(command)


def writing_option(command: _Command) -> _Command:
    """Add `--lang` for what rules say, which they say in three writings; passed on as `language`."""
    return click.option(
        "--lang",
        "language",
        type=click.Choice(("zh", *LANGUAGES)),
        callback=_writing,
        help="Language of the answer (default: HUXIN_LANG, then the system's).",
    )(command)


def _writing(context: click.Context, option: click.Parameter, value: str | None) -> str:
    speech.choose(context, option, None if value is None else value[:2])
    if value in LANGUAGES:
        return value
    if speech.current().language == "en":
        return "en"
    return "zh-Hant" if value is None and speech.writes_traditional(os.environ) else "zh-Hans"


def json_option(command: _Command) -> _Command:
    """Add `--json`, passed on as `as_json`."""
    return click.option(
        "--json",
        "as_json",
        is_flag=True,
        callback=_note_json,
        help="Answer with one JSON document.",
    )(command)


def _note_json(context: click.Context, _option: click.Parameter, value: bool) -> bool:
    context.meta[_META] = value
    return value


def says_json(context: click.Context) -> bool:
    """Tell whether this call was asked to answer in JSON."""
    return bool(context.meta.get(_META, False))


def environment_option(command: _Command) -> _Command:
    """Add `--environment`."""
    return click.option(
        "--environment",
        type=click.Choice(ENVIRONMENTS),
        default=ENVIRONMENTS[0],
        envvar=ENVIRONMENT,
        show_default=True,
        help="Whose keys count; 'test' is for rehearsals and specimens (HUXIN_ENVIRONMENT).",
    )(command)


def rules_option(text: str) -> Callable[[_Command], _Command]:
    """Add `--rules`, files or folders."""
    return click.option(
        "--rules",
        type=click.Path(exists=True, path_type=Path),
        multiple=True,
        help=text,
    )


def place_rules_options(command: _Command) -> _Command:
    """Add `--rules` and `--region`: what is asked where the command runs.  `rules_asked` reads them."""
    region = click.option(
        "--region", help="Of several regions' rules, those of the region where this is."
    )
    text = "Rules of the place: a file, or a folder of files; may be given several times."
    return rules_option(text)(region(command))


def rules_asked(paths: Sequence[Path], region: str | None) -> RuleBook | None:
    """Return the rules of `--rules` and `--region`, `None` where none are given."""
    if not paths:
        return None
    book = rule_files.read_book(*paths)
    return book if region is None else book.of(region)


def passphrase_option(command: _Command) -> _Command:
    """Add `--passphrase-file`."""
    return click.option(
        "--passphrase-file",
        type=EXISTING_FILE,
        envvar="HUXIN_PASSPHRASE_FILE",
        help="File whose first line is the passphrase (HUXIN_PASSPHRASE_FILE); else it is asked for.",
    )(command)


def ask_passphrase(question: str, file: Path | None, *, new: bool = False) -> str:
    """Return the passphrase from a file, or ask for it unseen; a new one is asked for twice.

    `question` is a key of the words.  Refuses with `passphrase` where the file holds none, and a new one that is no text.
    """
    words = speech.current()
    if file is None:
        # To standard error, so that standard output stays what the command was asked for.
        answer: str = click.prompt(
            words.say(question), hide_input=True, confirmation_prompt=new, err=True
        )
        return answer
    if file.stat().st_mode & _OTHERS and os.name == "posix":
        click.echo(words.say("loose-file", file=file.name), err=True)
    # What a key was locked with goes on opening it; a new one must be such that somebody can type it.
    faults = "strict" if new else "replace"
    try:
        text = intake.read(file, limit=_MAX_PASSPHRASE_FILE).decode("utf-8-sig", faults)
    except UnicodeDecodeError as error:
        raise RefusalError("passphrase", f"{file.name} is no text in UTF-8") from error
    line = text.splitlines()[0] if text.strip() else ""
    if not line:
        raise RefusalError("passphrase", f"{file.name} is empty")
    return line
