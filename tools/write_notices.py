"""Write docs/reference/third-party.md: whose work Huxin stands on, in which version, under which licence.

Run it after `make lock`:  python -m tools.write_notices
Names and versions come from the locks, licences from what the installed packages say of themselves.
`tests/house/test_notices.py` fails while the page on disk differs, or names a licence that is not allowed.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

__all__ = ["ALLOWED", "EXCEPTIONS", "PAGE", "Package", "bundled", "lock", "packages", "page"]

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "third-party.md"
LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
BROWSER_LOCK = ROOT / "verifier" / "package-lock.json"

# Licences that let everybody use, change and hand on, if the notice stays.
ALLOWED = frozenset(
    [
        "0BSD",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "ISC",
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "OFL-1.1",
        "PSF-2.0",
    ]
)
# Others, each with the reason why it may stay.
EXCEPTIONS = {
    "fido2": "MPL-2.0 for one file, the list of public suffixes; unchanged 只有公共后缀表一个文件，未改动",
    "pathspec": "MPL-2.0; only while building, not handed on 只在构建时用，不随程序分发",
    "psycopg": "LGPL-3.0-only; only with the extra `postgres`, see [0010](../decisions/0010-postgresql-is-optional.md) 仅可选组件",
    "psycopg-binary": "LGPL-3.0-only; only with the extra `postgres`, see [0010](../decisions/0010-postgresql-is-optional.md) 仅可选组件",
}
_POSTGRES = ("psycopg", "psycopg-binary")
_BUILD = {"hatchling", "packaging", "pathspec", "pluggy", "tomlkit", "trove-classifiers"}
_PAPER = {"noto-cjk-sans-otc", "typst"}
_BASE = {
    "cbor2", "cffi", "click", "colorama", "cryptography", "et-xmlfile", "markdown-it-py", "mdurl",
    "openpyxl", "pillow", "pycparser", "pygments", "pypdfium2", "rich", "typing-extensions", "zxing-cpp",
}  # fmt: skip
# What packages say in their own words, in the names of the SPDX list; read in their licence files.
_SPDX = {
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Apache Software License": "Apache-2.0",
    "BSD-3-Clause, Apache-2.0, dependency licenses": "BSD-3-Clause OR Apache-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
_BY_NAME = {
    "fido2": "BSD-2-Clause AND Apache-2.0 AND MPL-2.0",
    "colorama": "BSD-3-Clause",  # installed on Windows only
    "tzdata": "Apache-2.0",  # installed on Windows only
}
# What the verifier's lock installs beside what goes into a bundle: descriptions of types, which no browser loads.
_TYPES_ONLY = {"@types/emscripten", "tagged-tag", "type-fest"}
_LINE = re.compile(r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;]+)", re.MULTILINE)

_HEAD = """\
# Other people's work 第三方组件

Huxin stands on these packages; each keeps its own licence. This page is written by `tools/write_notices.py` from the lock
files and from what the packages say of themselves; do not edit it. `make sbom` writes the same for machines (CycloneDX).
互信用到下面这些组件，各按各的许可证。本页由程序从锁定文件和组件自述生成，请勿手改；`make sbom` 输出机器可读的清单。

Two pieces of other people are part of this repository and of the wheel, both in the offline verifier, below: what reads pictures, and what
checks signatures where a browser cannot. Style sheets, modules and pictures are our own, and no page loads anything from a third party.
仓库和安装包里只有两样别人的东西，都在离线查验页里，见下：识码程序，和旧浏览器验签用的程序；样式、脚本、图片都是自己的，网页不加载第三方内容。

Packages with compiled parts (cbor2, cffi, cryptography, granian, pillow, psycopg-binary, pypdfium2, typst, zxing-cpp) have other
libraries built in. The table names the licence of the package; what is built in stands in the licence files of the package, and is
not listed here one by one. 带编译部分的组件内含其他库，表中是组件自身的许可证；内含的库见组件自带的许可证文件，这里没有逐一列出。
"""
_USE = {
    "base": "always 总是",
    "node": "extra `node` 节点",
    "paper": "extra `paper` 打印",
    "postgres": "extra `postgres`",
    "build": "only while building 仅构建时",
}


@dataclass(frozen=True, slots=True)
class Package:
    """A locked package: what it is for, and its licence by the SPDX list."""

    name: str
    version: str
    use: str
    licence: str


def lock(text: str) -> dict[str, str]:
    """Return the names and versions of a lock file."""
    return dict(_LINE.findall(text))


def packages() -> list[Package]:
    """Return all that an installed Huxin with all its extras needs, and what building it needs."""
    found = lock(LOCK.read_text("utf-8"))
    later = lock(DEV_LOCK.read_text("utf-8"))
    found |= {name: later[name] for name in _POSTGRES}
    return [Package(name, found[name], _use(name), _licence(name)) for name in sorted(found)]


def _use(name: str) -> str:
    for use, names in (("build", _BUILD), ("paper", _PAPER), ("base", _BASE)):
        if name in names:
            return use
    return "postgres" if name in _POSTGRES else "node"


def bundled() -> list[Package]:
    """Return what the verifier hands to browsers, by its own lock."""
    told = json.loads(BROWSER_LOCK.read_text("utf-8"))["packages"]
    found = {path.rpartition("node_modules/")[2]: one for path, one in told.items() if path}
    return [
        Package(name, one["version"], "browser", one["license"])
        for name, one in sorted(found.items())
        if not one.get("dev") and name not in _TYPES_ONLY
    ]


def _licence(name: str) -> str:
    if name in _BY_NAME:
        return _BY_NAME[name]
    try:
        about = distribution(name).metadata
    except PackageNotFoundError as error:
        raise SystemExit(f"{name} is not installed; say its licence in _BY_NAME") from error
    said: list[str] = about.get_all("License-Expression") or []
    heads = [
        one.rpartition(" :: ")[2]
        for one in about.get_all("Classifier") or []
        if one.startswith("License :: OSI Approved :: ")
    ]
    own = "\n".join(about.get_all("License") or []).strip().splitlines()[:1]
    found: list[str] = [*said, *own, *heads]
    for words in filter(None, found):
        return _SPDX.get(words, words)
    raise SystemExit(f"{name} does not say its licence; read it and say it in _BY_NAME")


def page() -> str:
    """Return the whole page."""
    rows = [
        f"| `{one.name}` | {one.version} | {one.licence} | {_USE[one.use]} |" for one in packages()
    ]
    table = [
        "| Package 组件 | Version 版本 | Licence 许可证 | Used 用在 |",
        "|---|---|---|---|",
        *rows,
    ]
    why = [f"- `{name}`: {reason}" for name, reason in EXCEPTIONS.items()]
    head = "## Beyond the permissive ones 其他许可证\n"
    return "\n".join([_HEAD, *table, "", *_browser(), "", head, *why, ""])


def _browser() -> list[str]:
    rows = [f"| `{one.name}` | {one.version} | {one.licence} |" for one in bundled()]
    return [
        "## In the offline verifier 离线查验页里",
        "",
        "Its page reads pictures with zxing-wasm, whose compiled part has zxing-cpp (Apache-2.0) built in. A browser without Ed25519 runs the",
        "noble packages. Their licences stand beside them. 查验页用 zxing-wasm 识码，其编译部分内含 zxing-cpp（Apache-2.0）；没有 Ed25519 的浏览器才运行 noble 两个组件。许可证放在旁边。",
        "",
        "| Package 组件 | Version 版本 | Licence 许可证 |",
        "|---|---|---|",
        *rows,
    ]


def main() -> int:
    argparse.ArgumentParser(description=__doc__).parse_args()
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
