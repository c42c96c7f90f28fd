"""What browsers load is built from what stands in `verifier/`: a build of today is the committed files, byte for byte."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.lib.documents import ROOT

VERIFIER = ROOT / "verifier"
COMMITTED = ROOT / "src" / "huxin" / "node" / "base" / "static" / "huxin"


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.needs("node")
@pytest.mark.size("all")
def test_a_build_of_today_is_what_is_committed(tmp_path):
    if not (VERIFIER / "node_modules" / "esbuild").is_dir():
        pytest.skip("needs npm's esbuild; run: make assets")
    subprocess.run(["node", VERIFIER / "build.mjs", tmp_path], check=True)
    built = files_below(tmp_path)
    committed = {name: (COMMITTED / name).read_bytes() for name in built}
    assert [name for name in built if built[name] != committed[name]] == []
    # Nothing is left there of a build before.
    for name in ("verifier", "wallet"):
        assert files_below(COMMITTED / name).keys() == files_below(tmp_path / name).keys()


def test_the_tools_are_pinned_to_one_version():
    named = json.loads((VERIFIER / "package.json").read_text("utf-8"))
    versions = [*named.get("dependencies", {}).values(), *named["devDependencies"].values()]
    assert versions
    assert all(version[0].isdigit() for version in versions)
