"""The vectors of withdrawal lists: what stands in `spec/vectors/status.jsonl` is what the program answers.

The file is made by `tools/make_status_vectors.py` with writers that share nothing with the program.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from typing import Any, Final

import pytest

from huxin.kernel.crypto import PublicKey
from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import parse_instant
from huxin.trust.anchors import Anchor
from huxin.trust.status import rice, token_list
from huxin.trust.status.elias_fano import EliasFano
from huxin.trust.status.index_set import IndexSet
from huxin.trust.status.signed_set import Held, ListName, accept
from huxin.trust.status.token_list import TokenList
from huxin.trust.status.token_list_cwt import open_cwt
from tools import make_status_vectors

LINES: Final[list[dict[str, Any]]] = [
    json.loads(line) for line in make_status_vectors.FILE.read_text("utf-8").splitlines()
]
GOOD: Final = [line for line in LINES if "indices" in line["expected"]]
BROKEN: Final = [line for line in LINES if "refused" in line["expected"]]


def key_of(line: dict[str, Any]) -> PublicKey:
    return PublicKey.from_jwk(line["keys"][0]["jwk"])


def accepted(line: dict[str, Any]) -> Held:
    kid = base64.b64decode(line["keys"][0]["kid"])
    anchor = Anchor(line["region"], "huxin", kid, key_of(line))
    name, now = ListName(line["region"], line["uri"]), parse_instant(line["at"])
    held = None
    for data in line["held"]:
        held = accept(base64.b64decode(data), name=name, keys=[anchor], held=held, now=now)
    return accept(shown(line), name=name, keys=[anchor], held=held, now=now)


def shown(line: dict[str, Any]) -> bytes:
    return base64.b64decode(line["data"])


def found_in(line: dict[str, Any]) -> IndexSet:
    match line["form"]:
        case "set":
            return rice.decode(shown(line))
        case "signed":
            return accepted(line).found
        case "list":
            return token_list.decode(shown(line))
    asked = {"key": key_of(line), "uri": line["uri"], "now": parse_instant(line["at"])}
    if line["form"] == "jwt":
        return TokenList.open(line["text"], **asked).found
    return open_cwt(shown(line), **asked).found


@pytest.mark.parametrize("line", GOOD, ids=lambda line: line["id"])
def test_a_list_in_order_holds_these_places(line):
    found, expected = found_in(line), line["expected"]
    assert found == IndexSet.of(expected["indices"], bits=expected["bits"])
    kept = EliasFano(found)
    near = {one + step for one in expected["indices"] for step in (-1, 0, 1)}
    assert {one for one in near if one in kept} == set(expected["indices"])


@pytest.mark.parametrize("line", BROKEN, ids=lambda line: line["id"])
def test_a_broken_list_is_refused(line):
    with pytest.raises(RefusalError) as refused:
        found_in(line)
    assert refused.value.refusal.code == line["expected"]["refused"], line["name"]


@pytest.mark.parametrize(
    "line", [line for line in GOOD if line["form"] == "signed"], ids=lambda line: line["id"]
)
def test_a_signed_set_has_its_version(line):
    assert accepted(line).version == line["expected"]["version"]


@pytest.mark.parametrize(
    "line", [line for line in GOOD if line["form"] == "set"], ids=lambda line: line["id"]
)
def test_a_set_is_written_with_the_same_bytes(line):
    assert rice.encode(found_in(line)) == shown(line)


def test_the_file_is_what_its_script_makes():
    assert make_status_vectors.FILE.read_text("utf-8") == make_status_vectors.lines(), (
        "run: python -m tools.make_status_vectors"
    )


def test_no_two_lines_are_alike():
    for field in ("id", "name"):
        assert [value for value, n in Counter(line[field] for line in LINES).items() if n > 1] == []
    cases = Counter(
        json.dumps([line.get("data"), line.get("text"), line.get("held")]) for line in LINES
    )
    assert max(cases.values()) == 1


def test_every_form_has_lists_in_order_and_broken_ones():
    for lines in (GOOD, BROKEN):
        assert {line["form"] for line in lines} == {"set", "signed", "list", "jwt", "cwt"}
