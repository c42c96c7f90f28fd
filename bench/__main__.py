"""`python -m bench`: one table of ratios with goals and gates; fails only at a gate.

Writes the same as JSON to `bench/out/results.json`.
"""

import json
import os
import platform
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench import cases, federation, install_peers, ours, rules, status, verifier
from bench.install_peers import PeersMissingError
from bench.measure import ROUNDS

HERE = Path(__file__).resolve().parent
OUT = HERE / "out" / "results.json"
WIDTH = 150


@dataclass(frozen=True)
class Row:
    """One work: what we aim at, and where the bench fails.  Less is better.

    Unless the row names a peer that ours is a multiple of: there more is better.
    """

    name: str
    work: str
    unit: str
    goal: float | None = None
    gate: float | None = None
    multiple_of: str | None = None


@dataclass
class Result:
    """One line of the table: the row, our figure, and those of the peers in the same unit."""

    row: Row
    figure: float | None
    peers: dict[str, float] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """How the figure stands: `ok` at the goal, `short` of it, or `past the gate`."""
        if self.figure is None:
            return "not measured"
        if self.row.goal is None or self.row.gate is None:
            return ""
        sign = -1 if self.row.multiple_of else 1
        if sign * self.figure <= sign * self.row.goal:
            return "ok"
        return "short" if sign * self.figure <= sign * self.row.gate else "past the gate"


ROWS = (
    Row("dcc-verify", "DCC verify, whole pipeline", "bare verify", 1.40, 1.8),
    Row("dcc-batch", "DCC verify, batch of 100 cards", "bare verify", 1.30, 1.7),
    Row("attestation-verify", "own attestation verify", "bare verify"),
    Row("health-card-verify", "SMART Health Card verify", "bare verify", 1.5, 2.0),
    Row("base45-decode", "Base45 decode", "× faster than base45", 10, 7, "base45"),
    Row("issue-dcc", "issue a DCC, text only", "bare sign", 3.0, 4.5),
    Row("issue-attestation", "issue an attestation, text only", "bare sign", 3.0, 4.5),
    Row("issue-health-card", "issue a SMART Health Card, text only", "bare sign"),
    Row("qr-modules", "QR symbol, modules", "bare sign"),
    Row("qr-png", "QR symbol as PNG", "bare sign"),
    Row("qr-svg", "QR symbol as SVG", "bare sign"),
    Row("picture-read", "QR read from a clean picture", "bare verify"),
    Row(
        "rules-js",
        "decision over 16 real rules, µs",
        "× faster than certlogic-js",
        1.5,
        1.0,
        "certlogic-js",
    ),
    Row(
        "rules-python",
        "decision over 16 real rules, µs",
        "× faster than panzi-json-logic",
        4,
        4,
        "panzi-json-logic",
    ),
    Row("trust-bundle-5", "trust list of 5 regions in one file", "kB", 130, 130),
    Row("trust-bundle-50", "trust list of 50 regions in one file", "kB", 170, 170),
    Row("trust-bundle-200", "trust list of 200 regions in one file", "kB", 280, 280),
    Row("trust-update-bytes", "one region of 200 has a new key, to fetch", "kB", 40, 40),
    Row("trust-update-requests", "one region of 200 has a new key", "requests", 6, 6),
    Row("trust-refresh", "first refresh at 200 regions", "× that at 5", 30, 30),
    Row("status-0.1-rice", "withdrawals, 0.1 % of 10 million, to send", "entropy", 1.03, 1.05),
    Row("status-0.1-asking", "withdrawals, 0.1 %, ready to ask", "entropy", 1.10, 1.15),
    Row("status-2-rice", "withdrawals, 2 % of 10 million, to send", "entropy", 1.03, 1.05),
    Row("status-2-asking", "withdrawals, 2 %, ready to ask", "entropy", 1.10, 1.15),
    Row("js-dcc", "in JavaScript: DCC verify, whole pipeline", "bare verify"),
    Row("js-attestation", "in JavaScript: own attestation verify", "bare verify"),
    Row("js-health-card", "in JavaScript: SMART Health Card verify", "bare verify"),
    Row("frame", "on the page: from frame to answer, median", "ms", 250, 1000),
    # Decision 0014 says why the scripts weigh more than the 40 kB that were planned.
    Row("verifier-own", "the page's own scripts, gzip", "kB", 40, 70),
    Row("verifier-first", "all that the page loads first, gzip", "kB", 600, 600),
)
VECTORS = Path(os.environ.get("HUXIN_VECTORS") or HERE.parent.parent / "shared" / "vectors")


def peers_figures() -> dict[str, dict[str, float]]:
    """Return the peers' ratios by row and peer, measured now in their own environment."""
    done = subprocess.run(
        [install_peers.install(), HERE / "peers.py"],
        input=json.dumps(cases.for_peers()),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise PeersMissingError(f"the peers stopped: {done.stderr.strip().splitlines()[-1]}")
    figures: dict[str, dict[str, float]] = json.loads(done.stdout)
    return figures


def results(own: dict[str, float], others: dict[str, dict[str, float]]) -> list[Result]:
    """Return the lines of the table."""
    return [
        Result(row, _figure(row, own, others), others.get(row.name, {}))
        for row in ROWS
    ]  # fmt: skip


def _figure(row: Row, own: dict[str, float], others: dict[str, dict[str, float]]) -> float | None:
    figure = own.get(row.name)
    if row.multiple_of is None or figure is None:
        return figure
    peer = others.get(row.name, {}).get(row.multiple_of)
    return None if peer is None else peer / figure


def rule_figures() -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """Return our microseconds a decision and the peers', where the published rules are at hand."""
    if not (VECTORS / "rules").is_dir():
        return {}, {}
    own, others = rules.figures(VECTORS / "rules")
    names = {"rules-js": "certlogic-js", "rules-python": "panzi-json-logic"}
    return dict.fromkeys(names, own), {row: {name: others[name]} for row, name in names.items()}


def show(console: Console, lines: list[Result]) -> None:
    """Print the table."""
    title = f"Ratios to one bare ES256 operation: CPU time, one thread, least of {ROUNDS} rounds"
    table = Table(title=title)
    for head in ("work", "Huxin", "unit", "goal", "gate", "", "others in the same run"):
        right = head in ("Huxin", "goal", "gate")
        table.add_column(head, justify="right" if right else "left", no_wrap=right)
    for one in lines:
        others = ", ".join(f"{name} {value:.2f}" for name, value in one.peers.items())
        figure, goal, gate = map(_shown, (one.figure, one.row.goal, one.row.gate))
        table.add_row(one.row.work, figure, one.row.unit, goal, gate, one.state, others)
    console.print(table)
    console.print("Differences under 10 % are noise.")


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def node_figures() -> dict[str, Any]:
    """Return what a node of this machine does under load; see `bench.web`."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.web"], stdout=subprocess.PIPE, text=True, check=True
    )
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def show_node(console: Console, node: dict[str, Any]) -> None:
    """Print the node's table."""
    issuing = node["issuing"]
    console.print(
        f"Showing a code: 0 requests, as tests/browser/test_resident.py counts them."
        f" Issuing in bulk, with status place and audit entry:"
        f" {issuing['ratio']:.1f} × bare sign, {issuing['per_second']:.0f} cards a second."
    )
    table = Table(title="Pages of a node on this machine: 95th percentile in milliseconds")
    table.add_column("page")
    for clients in next(iter(node["pages"].values())):
        table.add_column(f"{clients} at once", justify="right")
    for name, times in node["pages"].items():
        table.add_row(name, *(f"{one:.0f}" for one in times.values()))
    console.print(table)


def write(lines: list[Result], missing: str | None, node: dict[str, Any]) -> None:
    """Write the table as JSON."""
    document = {
        "python": platform.python_version(),
        "cryptography": version("cryptography"),
        "peers_missing": missing,
        "node": node,
        "rows": [
            asdict(one.row) | {"figure": one.figure, "state": one.state, "peers": one.peers}
            for one in lines
        ],
    }
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(document, indent=1) + "\n", "utf-8")


def main() -> int:
    """Measure, show, write; return 1 past a gate, or where what has one could not be measured."""
    terminal = sys.stdout.isatty()
    console = Console(width=None if terminal else WIDTH)
    progress = Console(stderr=True)
    missing, others = None, {}
    with progress.status("peers: installing what bench/peers.lock names, then measuring …"):
        try:
            others = peers_figures()
        except PeersMissingError as error:
            missing = str(error)
    with progress.status("Huxin: measuring …"):
        own = ours.figures()
    with progress.status("rules: ours, and two other evaluators, in turns …"):
        own_rules, others_rules = rule_figures() if not missing else ({}, {})
    with progress.status("withdrawals: bytes over entropy, in six forms …"):
        own_status, others_status = status.figures(with_roaring=not missing)
    with progress.status("trust lists of 5, 50 and 200 regions …"):
        own |= federation.figures()
    with progress.status("the page of the verifier: scripts under node, a browser with a film …"):
        own |= verifier.figures()
    own, others = own | own_rules | own_status, others | others_rules | others_status
    with progress.status("a node: issuing in bulk, then pages under load …"):
        node = node_figures()
    lines = results(own, others)
    show(console, lines)
    show_node(console, node)
    if missing:
        console.print(f"Without the peers: {missing}")
    write(lines, missing, node)
    held = True
    for state in ("past the gate", "not measured"):
        works = [one.row.work for one in lines if one.state == state and one.row.gate is not None]
        if works:
            held = False
            console.print(f"{state.capitalize()}: {'; '.join(works)}")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
