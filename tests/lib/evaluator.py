"""The evaluator of rules that browsers have, run by node: asked line by line, compared with ours.

A date-time is told as `{"date-time": milliseconds}`, since it is not the text of it.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from huxin.trust.rules.trace import Step
from huxin.trust.rules.values import DateTime, as_json

__all__ = ["Evaluator", "evaluator", "told", "told_steps"]

_HERE = Path(__file__).parent


class Evaluator:
    """A running process that answers questions."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, question: str, **about: Any) -> Any:
        """Return the answer to `value`, `change`, `sentences` or `outlook`."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"ask": question, **about}) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@contextmanager
def evaluator() -> Iterator[Evaluator]:
    """Run the modules of `verifier/src/rules`; needs node."""
    command = ["node", str(_HERE / "evaluator.mjs")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        yield Evaluator(process)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait() == 0


def told(one: Any) -> Any:
    """Return a value as the process tells it."""
    return {"date-time": one.instant} if isinstance(one, DateTime) else as_json(one)


def told_steps(steps: Iterable[Step]) -> list[list[Any]]:
    """Return a trace as the process tells it."""
    return [
        [step.place, step.operator, [told(one) for one in step.operands], told(step.value)]
        for step in steps
    ]
