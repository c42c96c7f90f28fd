"""A person at a terminal: `huxin …` typed in a folder, with what was asked for typed after it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from huxin.cli.main import main

__all__ = ["PASSPHRASE", "Terminal"]

PASSPHRASE = "lanterns on the water"

# What a tester's own machine may say must not reach the program.
_QUIET: dict[str, str | None] = dict.fromkeys(
    (
        *("HUXIN_LANG", "HUXIN_NOW", "HUXIN_ENVIRONMENT", "HUXIN_TRUST", "HUXIN_PASSPHRASE_FILE"),
        *("LC_ALL", "LC_MESSAGES", "LANG", "FORCE_COLOR", "COLUMNS"),
    )
)


class Terminal:
    """`folder` holds a passphrase file, `pass`; results have `exit_code`, `stdout`, `stderr`."""

    def __init__(self, folder: Path, now: str = "2026-11-23T10:00:00Z") -> None:
        self.folder = folder
        self.environment = _QUIET | {
            "HUXIN_NOW": now,
            "HUXIN_ENVIRONMENT": "test",
            "HUXIN_LANG": "en",
            "COLUMNS": "200",
        }
        self.secret("pass", PASSPHRASE)

    def secret(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text + "\n", "utf-8")
        path.chmod(0o600)
        return path

    def run(self, *words: object, typed: str | bytes = "", **variables: str | None) -> Result:
        """Run one command; paths are given whole, so no folder is changed into."""
        return CliRunner().invoke(
            main,
            [str(word) for word in words],
            input=typed,
            env=self.environment | variables,
            catch_exceptions=False,
        )

    def json(self, *words: object, **variables: str | None) -> Any:
        """Run one command with `--json` and return what it said, whatever its exit status."""
        return json.loads(self.run(*words, "--json", typed="", **variables).stdout)

    def new_key(self, name: str, *words: object) -> Path:
        path = self.folder / name
        passphrase = self.folder / "pass"
        result = self.run("keys", "new", path, "--passphrase-file", passphrase, *words)
        assert result.exit_code == 0, result.stderr
        return path
