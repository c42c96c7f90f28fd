"""The second implementation: how long it takes under node beside a bare verification, and what a browser has to load."""

import gzip
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from bench import cases
from huxin.kernel.instants import rfc3339

__all__ = ["figures"]

HERE: Final = Path(__file__).resolve().parent
FOLDER: Final = HERE.parent / "src" / "huxin" / "node" / "base" / "static" / "huxin" / "verifier"
BUILD: Final = HERE.parent / "verifier" / "build.mjs"
KILO: Final = 1000
# What does not come with the first page: words of other languages, pages that are asked for, licences, large icons.
LATER: Final = ("languages/", "training", "licences/", "icon-512")


def figures() -> dict[str, float]:
    """Return ratios to a bare verification by WebCrypto, kilobytes (gzip), and milliseconds a frame."""
    return _verifying() | _sizes() | _frame()


def _verifying() -> dict[str, float]:
    jwk = cases.SIGNER.key.public.jwk()
    asked = {
        "texts": {
            "js-dcc": cases.text(cases.CARD, "hcert-1"),
            "js-attestation": cases.text(cases.ATTESTATION, "hcert-100"),
            "js-health-card": cases.text(cases.HEALTH_CARD, "shc"),
        },
        "jwk": jwk,
        "bare": jwk,
        "issuer": cases.SIGNER.health_card_issuer,
        "now": rfc3339(cases.NOW),
    }
    done = subprocess.run(
        ["node", HERE / "verify_in_js.mjs"],
        input=json.dumps(asked), stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _sizes() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as own:
        subprocess.run(["node", BUILD, own, "--own"], check=True)
        scripts = sum(map(_packed, (Path(own) / "verifier").glob("*.js")))
    first = sum(
        _packed(path)
        for path in FOLDER.rglob("*")
        if path.is_file() and not path.relative_to(FOLDER).as_posix().startswith(LATER)
    )
    return {"verifier-own": scripts / KILO, "verifier-first": first / KILO}


def _packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9, mtime=0))


def _frame() -> dict[str, float]:
    # In a process of its own: a browser's event loop stays in the one that started it.
    done = subprocess.run(
        [sys.executable, "-m", "bench.frame"], stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found
