"""Write docs/reference/measurements.md from what `make bench` measured last.

Run it on a quiet machine:  make bench && python -m tools.write_measurements_page
A figure comes from `bench/out/results.json` or it is not on the page.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

__all__ = ["PAGE", "page"]

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "reference" / "measurements.md"
RESULTS: Final = ROOT / "bench" / "out" / "results.json"

_HEAD: Final = """\
# Measurements 测量

How much work Huxin does beyond what nobody can save: one bare ES256 signature or verification with a key that is loaded
already, measured in the same run. A figure of 1 would be the physical limit of one core. Ratios travel between
computers, seconds do not. Other libraries do the same work in the same run, each in its own process with its own bare
operation. Differences under 10 % are noise. `make bench` measures again; the page is written by
`tools/write_measurements_page.py`.

单位是一次裸的 ES256 签名或验签（密钥已装好），同一次运行里测得；1 就是单核的物理极限。差别不到 10% 的算噪声。别的库在同一次运行里做同样的事，各在自己的进程里。

Withdrawals are measured otherwise: the bytes of a list over its entropy, for ten million cards in ten lists, drawn by chance with a
fixed seed. 状态集合另算：集合的字节数比上它的信息熵，一千万张卡，固定种子随机抽取。

Goal is what we aim at; past the gate `make bench` fails. 目标是想做到的；超过闸值，`make bench` 就失败。

"""
_TABLE: Final = (
    "| Work | Huxin | Unit | Goal | Gate | Others in the same run |\n|---|---|---|---|---|---|\n"
)


def page(results: dict[str, Any]) -> str:
    """Return the whole page for one run's results."""
    rows = "".join(map(_row, results["rows"]))
    return f"{_HEAD}Python {results['python']}, cryptography {results['cryptography']}.\n\n{_TABLE}{rows}"


def _row(row: dict[str, Any]) -> str:
    others = ", ".join(f"{name} {value:.2f}" for name, value in row["peers"].items())
    figure, goal, gate = (
        "" if row[name] is None else f"{row[name]:.2f}" for name in ("figure", "goal", "gate")
    )
    return f"| {row['work']} | {figure} | {row['unit']} | {goal} | {gate} | {others} |\n"


def main() -> int:
    """Write the page; say what is missing where nothing was measured."""
    if not RESULTS.exists():
        print("nothing was measured yet: make bench")
        return 1
    PAGE.write_text(page(json.loads(RESULTS.read_text("utf-8"))), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
