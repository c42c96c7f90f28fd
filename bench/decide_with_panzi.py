"""A decision over rules with panzi-json-logic's CertLogic: case in on stdin, microseconds out on stdout."""

import json
import sys
import time

from json_logic.cert_logic import certLogic

CASE = json.load(sys.stdin)


def decide() -> list[object]:
    return [certLogic(logic, CASE["data"]) for logic in CASE["logics"]]


assert all(decide())
least = float("inf")
for _ in range(CASE["rounds"]):
    start = time.process_time_ns()
    for _ in range(CASE["decisions"] // 10):
        decide()
    spent = time.process_time_ns() - start
    least = min(least, spent / (CASE["decisions"] // 10) / 1e3)
print(least)
