"""The conformance door as a stranger uses it: cases in, answers out, nothing else seen."""

from __future__ import annotations

import base64
import io
import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from PIL import Image

from huxin.cli.main import main

__all__ = ["answers", "rows", "side_by_side"]


def answers(cases: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the answer to each case by its id, from one run of `huxin verify --jsonl`."""
    lines = [json.dumps(case) for case in cases]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.jsonl"
        path.write_text("\n".join(lines) + "\n", "utf-8")
        result = CliRunner().invoke(main, ["verify", "--jsonl", str(path)], catch_exceptions=False)
    assert (result.exit_code, result.stderr) == (0, "")
    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(told) == len(lines)
    return {one["id"]: one for one in told}


def rows(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def side_by_side(pictures: Sequence[str]) -> str:
    """Return one picture (PNG, base64) of several, as codes lie on one page."""
    images = [Image.open(io.BytesIO(base64.b64decode(one))).convert("L") for one in pictures]
    page = Image.new(
        "L", (sum(one.width for one in images), max(one.height for one in images)), 255
    )
    left = 0
    for one in images:
        page.paste(one, (left, 0))
        left += one.width
    out = io.BytesIO()
    page.save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()
