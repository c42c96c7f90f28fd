"""Values are not changed after they are made: by Python, or by the type checker (decision 0008)."""

import subprocess
import sys
from dataclasses import FrozenInstanceError

import pytest

from tests.lib.regions import REED_ISLES

PLANTED = """
from huxin.trust.credentials.facts import Name, Vaccination
from huxin.trust.verdict import Verdict

def change(verdict: Verdict, name: Name, dose: Vaccination) -> None:
    verdict.outcome = "accepted"
    name.whole = "other"
    dose.dose = 3
"""


def test_the_type_checker_refuses_to_change_a_value(root, tmp_path):
    planted = tmp_path / "planted.py"
    planted.write_text(PLANTED, "utf-8")
    checked = subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy",
            "--strict",
            "--config-file",
            root / "pyproject.toml",
            planted,
        ],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    refused = [line for line in checked.stdout.splitlines() if "read-only" in line]
    assert len(refused) == 3, checked.stdout


def test_what_decides_about_trust_is_frozen_by_python():
    with pytest.raises(FrozenInstanceError):
        REED_ISLES.anchor().standing = "denied"  # type: ignore[misc]  # the point of the test
