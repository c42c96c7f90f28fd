"""The second implementation as code: its types fit, it is made of small files, and it needs nobody else's."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.lib.documents import ROOT

VERIFIER = ROOT / "verifier"
TSC = ROOT / "bench" / "peers-js" / "node_modules" / "typescript" / "bin" / "tsc"
FILES = sorted((VERIFIER / "src").rglob("*.js"))
# The libraries, and for each the one module that may know it.
OTHERS = {
    "zxing-wasm/reader": "src/page/reader.js",
    "@noble/curves/ed25519.js": "src/page/edwards_library.js",
}


@pytest.mark.needs("node")
@pytest.mark.size("all")
def test_its_types_fit():
    if not TSC.is_file():
        pytest.skip("needs npm's typescript; run: bench/install_peers.sh")
    done = subprocess.run(
        ["node", TSC, "-p", VERIFIER], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(VERIFIER).as_posix())
def test_a_module_is_small_says_what_it_is_and_imports_only_its_own(file):
    text = file.read_text("utf-8")
    assert text.startswith("// ")
    assert text.count("\n") <= 350
    for name in re.findall(r'^import .* from "([^"]+)";$', text, re.MULTILINE):
        if name in OTHERS:
            assert file.relative_to(VERIFIER).as_posix() == OTHERS[name]
            continue
        assert name.startswith("."), name
        assert (file.parent / name).resolve().is_file(), name


def test_there_are_modules():
    assert len(FILES) >= 20
