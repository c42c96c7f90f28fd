"""`huxin`: the doors of the command line, and what happens when an input is refused.

A refusal is shown as its sentence, what to do next, and a detail; never as a traceback.
"""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import Any, Final

import click

from huxin.adapters.status_files import SetFileError
from huxin.adapters.trust_file import FaultyFileError
from huxin.cli import speech
from huxin.cli.demo import demo
from huxin.cli.doctor import doctor
from huxin.cli.explain import explain
from huxin.cli.gate import gate
from huxin.cli.inspect import inspect
from huxin.cli.issue import issue
from huxin.cli.keys import keys
from huxin.cli.node import node
from huxin.cli.options import says_json
from huxin.cli.packs import packs
from huxin.cli.rules import rules
from huxin.cli.status import REFUSED_WITH, status
from huxin.cli.story import story
from huxin.cli.trust import trust
from huxin.cli.verifier import verifier
from huxin.cli.verify import verify
from huxin.kernel.errors import HuxinError, Refusal, RefusalError
from huxin.packs.errors import PackError

__all__ = ["main"]

_REFUSED: Final = 1
_MOST_FAULTS: Final = 50
_EPILOG: Final = """\b
Examples 例:
  huxin keys new qv.key --region QV --environment test
  huxin issue --help
  huxin verify card.png --trust regions.json
  huxin inspect card.png
  huxin doctor

\b
Exit status 退出码:
  0  accepted, or done                    通过，或已完成
  1  rejected, or the input was refused   不符合，或输入有误
  2  wrong usage of a command             命令用法不对
  3  cross-check: look at one more thing  再看一项
  4  unknown: the verifier cannot tell    无法判断
"""


class _Doors(click.Group):
    """The group of all commands; whatever they refuse is said here, in one way."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except HuxinError as error:
            _say(context, error)
            context.exit(context.meta.get(REFUSED_WITH, _REFUSED))


def _say(context: click.Context, error: HuxinError) -> None:
    words = speech.current()
    code = "pack" if isinstance(error, PackError) else "key-file"
    refusal = error.refusal if isinstance(error, RefusalError) else Refusal(code, str(error))
    told = words.refusal(refusal)
    if isinstance(error, SetFileError):
        # The code's own words speak of a card, and nothing is wrong with the card.
        name = speech.harmless(error.name)
        told |= {"text": words.say("set-refused", name=name), "next": words.say("set-refused-next")}
    faults = error.faults if isinstance(error, FaultyFileError) else ()
    if says_json(context):
        lines = {"faults": [str(fault) for fault in faults]} if faults else {}
        speech.print_json({"refused": told | lines})
    console = speech.console(errors=True)
    console.print(f"✕ {told['text']}  [{told['code']}]", style="bold")
    for fault in faults[:_MOST_FAULTS]:
        console.print(f"  - {speech.harmless(str(fault))}")
    if len(faults) > _MOST_FAULTS:
        console.print(f"  … {len(faults) - _MOST_FAULTS}")
    if told["detail"] and not faults:
        console.print(f"  {speech.harmless(told['detail'])}")
    console.print(f"  → {told['next']}")


@click.group(cls=_Doors, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("huxin"), prog_name="huxin")
def main() -> None:
    """互信 Huxin: issue, print, read and verify signed health credentials, offline.

    离线签发、打印、读取、查验签名的健康凭证。
    """
    for stream in (sys.stdout, sys.stderr):
        # A terminal that has no letter for a name gets its number, never a crash.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # TextIO lacks it


for _command in (
    issue, verify, inspect, keys, trust, rules, explain, packs, node, status, doctor, demo, story, verifier, gate,
):  # fmt: skip
    main.add_command(_command)
