"""`huxin rules`: what a region asks, evaluated, checked, explained and tried out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click

from huxin.adapters import clock, rule_files
from huxin.cli import lines, rule_words, speech
from huxin.cli.instant_type import Instant
from huxin.cli.options import json_option, language_option
from huxin.cli.rule_words import finding_data
from huxin.cli.rules_explain import explanation
from huxin.cli.rules_publish import publish
from huxin.cli.simulation import simulation
from huxin.kernel.errors import HuxinError, RefusalError
from huxin.trust.rules import datetimes
from huxin.trust.rules import lint as linter
from huxin.trust.rules.because import because
from huxin.trust.rules.change import next_change
from huxin.trust.rules.compile import compile_logic
from huxin.trust.rules.expression import parse_logic
from huxin.trust.rules.rule import parse_rule
from huxin.trust.rules.scope import scope_of
from huxin.trust.rules.values import as_json, truth

__all__ = ["rules"]

_EVAL_EPILOG: Final = """\b
Example 例:
  echo '{"id": 1, "logic": {"+": [1, {"var": "a"}]}, "data": {"a": 2}}' | huxin rules eval --jsonl -
"""
_CHECK_EPILOG: Final = """\b
Example 例:
  huxin rules check --jsonl cases.jsonl > answers.jsonl
"""


@click.group(short_help="Rules: what a region asks. 规则")
def rules() -> None:
    """Evaluate and check rules: what a region asks, and what the answer is.

    规则：一个区域问什么，答案怎么来。
    """


@rules.command("eval", epilog=_EVAL_EPILOG, short_help="Evaluate CertLogic, a line a case. 求值")
@click.option(
    "--jsonl",
    "name",
    metavar="FILE",
    required=True,
    help='Cases {"id", "logic", "data"}, a line each; \'-\' is standard input.',
)
def evaluate(name: str) -> None:
    """Evaluate CertLogic: a case a line in, its value or the code of its refusal a line out.

    逐行求值：给出结果，或拒绝的代号。
    """
    lines.run(name, _evaluated, _refused(None, "bad-input"))


@rules.command("check", epilog=_CHECK_EPILOG, short_help="Check cards against one rule. 核对")
@click.option(
    "--jsonl",
    "name",
    metavar="FILE",
    required=True,
    help='Cases {"id", "rule", "payload", "external"}, a line each; \'-\' is standard input.',
)
def check(name: str) -> None:
    """Ask one rule about one payload, a case a line: met or not, why, and until when.

    Rules are taken as they were published, in our spelling or the EU's; nothing is linted.

    一行一例：一条规则和一份内容，答是否符合、为什么、何时会变。
    """
    lines.run(name, _checked, _refused(None, "bad-input"))


_LINT_EPILOG: Final = """\b
Examples 例:
  huxin rules lint rules.json
  huxin rules lint rules/ --json

\b
Exit status 退出码: 0 nothing found 没有问题 · 1 refused 不能公布
"""


@rules.command("lint", epilog=_LINT_EPILOG, short_help="Say what must not be published. 检查")
@click.argument(
    "paths",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="PATH...",
)
@click.option("--at", type=Instant(), help="Publication at this instant instead of now.")
@json_option
@language_option
def lint(paths: tuple[Path, ...], at: datetime | None, as_json: bool) -> None:
    """Judge rules before they are published: what they may not read, ask, or leave out.

    PATH is a file of rules or a folder of such files; all of them are judged together.

    公布前检查规则：哪些不该读、不该问、不能缺。
    """
    book = rule_files.read_book(*paths)
    faults = linter.lint(book, now=at or clock.now(), publication=at)
    told = rule_words.faults(faults)
    if as_json:
        speech.print_json({"rules": len(book.rules), "faults": told})
    else:
        rule_words.show_faults(told, len(book.rules))
    click.get_current_context().exit(1 if faults else 0)


def _refused(identifier: object, code: str, detail: str = "") -> dict[str, Any]:
    told = {"id": identifier, "code": code}
    return told | {"detail": detail} if detail else told


def _evaluated(line: bytes, _folder: Path) -> dict[str, Any]:
    identifier = None
    try:
        case = lines.one_object(line)
        identifier = lines.identifier(case)
        lines.bounded(case)
        if "logic" not in case:
            raise RefusalError("bad-input", "logic: missing")
        compiled = compile_logic(parse_logic(case["logic"]))
        value = compiled.value(scope_of(case.get("data")))
        return {"id": identifier, "value": as_json(value)}
    except RefusalError as error:
        return _refused(identifier, error.refusal.code, error.refusal.detail)


def _checked(line: bytes, _folder: Path) -> dict[str, Any]:
    identifier = None
    try:
        case = lines.one_object(line)
        identifier = lines.identifier(case)
        lines.bounded(case)
        rule = parse_rule(case.get("rule"))
        if rule.fault is not None:
            return _refused(identifier, rule.fault.code, rule.fault.detail)
        data = {"payload": case.get("payload"), "external": case.get("external")}
        value, steps = rule.logic.trace(scope_of(data))
        holds = truth(value)
        if holds is None:
            raise RefusalError("logic-type", "at /: the rule is neither true nor false")
    except RefusalError as error:
        return _refused(identifier, error.refusal.code, error.refusal.detail)
    except HuxinError:
        return _refused(identifier, "bad-input")
    change = next_change(rule.logic.expression, data)
    return {
        "id": identifier,
        "result": holds,
        "because": [finding_data(one) for one in because(rule.logic.expression, steps)],
        "changes_at": None if change is None else datetimes.as_text(change),
    }


rules.add_command(explanation)
rules.add_command(publish)
rules.add_command(simulation)
