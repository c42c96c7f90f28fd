"""A decision over sixteen real rules: ours, and those of two other evaluators of CertLogic, in one run.

The rules are the sixteen of one region in the published ones (`vectors/rules`), asked together about one
certificate, as a gate asks them.  Each evaluator works in a process of its own, warm, on parsed rules and
parsed data; the turns alternate, and the least CPU time of each counts.
"""

import json
import subprocess
import time
from pathlib import Path
from typing import Any

from bench import install_peers
from huxin.trust.rules.compile import compile_logic
from huxin.trust.rules.expression import parse_logic
from huxin.trust.rules.scope import scope_of

HERE = Path(__file__).resolve().parent
REGION = "AT"
TURNS = 3
ROUNDS = 40
DECISIONS = 300

PAYLOAD = {
    "ver": "1.3.0",
    "nam": {"fn": "Lin", "fnt": "LIN", "gn": "Zhou", "gnt": "ZHOU"},
    "dob": "1998-02-26",
    "v": [
        {
            "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215",
            "dn": 2, "sd": 2, "dt": "2021-06-01", "co": "QW", "is": "Reed Isles",
            "ci": "URN:UVCI:01:QW:10807843F94AEE0EE5093FBC254BD813#B",
        }
    ],
}  # fmt: skip


def case(vectors: Path) -> dict[str, Any]:
    """Return the logics of the sixteen rules and the data that they are asked about."""
    rows = [json.loads(line) for line in (vectors / "rules.jsonl").read_text("utf-8").splitlines()]
    logics = [row["rule"]["Logic"] for row in rows if row["country"] == REGION]
    assert len(logics) == 16
    sets = next(iter(json.loads((vectors / "valuesets.json").read_text("utf-8"))["sets"].values()))
    external = {"valueSets": sets, "validationClock": "2021-07-15T12:00:00Z", "kid": "x"}
    return {
        "logics": logics,
        "data": {"payload": PAYLOAD, "external": external},
        "rounds": ROUNDS,
        "decisions": DECISIONS,
    }


def ours(given: dict[str, Any]) -> float:
    """Return microseconds of CPU a decision."""
    compiled = [compile_logic(parse_logic(logic)) for logic in given["logics"]]
    data = given["data"]

    def decide() -> list[Any]:
        scope = scope_of(data)
        return [one.value(scope) for one in compiled]

    assert all(decide())
    least = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time_ns()
        for _ in range(DECISIONS):
            decide()
        least = min(least, (time.process_time_ns() - start) / DECISIONS / 1e3)
    return least


def _told(command: list[str], given: dict[str, Any]) -> float:
    done = subprocess.run(
        command, input=json.dumps(given), stdout=subprocess.PIPE, text=True, check=True
    )
    return float(done.stdout)


def figures(vectors: Path) -> tuple[float, dict[str, float]]:
    """Return our microseconds and the peers', the least of several turns."""
    given = case(vectors)
    own, others = float("inf"), {}
    python = str(install_peers.install())
    for _ in range(TURNS):
        own = min(own, ours(given))
        for name, command in (
            ("certlogic-js", ["node", str(HERE / "peers-js" / "decide.mjs")]),
            ("panzi-json-logic", [python, str(HERE / "decide_with_panzi.py")]),
        ):
            others[name] = min(others.get(name, float("inf")), _told(command, given))
    return own, others
