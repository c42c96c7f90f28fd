"""Certificates in every spelling that occurs, or that somebody might try: both implementations believe the same ones."""

from __future__ import annotations

import base64
from typing import Any, Final

import pytest

from huxin.kernel.identifiers import kid_of
from huxin.trust.issue import issue
from tests.lib import hostile
from tests.lib.certificates import AFTER, certificate, der, spellings
from tests.lib.regions import NOW, REED_ISLES, facts
from tests.lib.second_door import answers_of_ours, differences
from tools.vectors import plain

pytestmark = pytest.mark.needs("node")

PAYLOAD: Final = plain.cbor(issue(facts(), REED_ISLES, now=NOW).claims)
UTC_TIME, GENERAL_TIME = 0x17, 0x18

Row = tuple[str, dict[str, Any], bool]


def shown(name: str, written: bytes, *, as_text: str | None = None) -> dict[str, Any]:
    """A card of the certificate's key, and the certificate in base64 or as a text of its own."""
    header = plain.cbor({1: -7, 4: kid_of(written)})
    text = base64.b64encode(written).decode("ascii") if as_text is None else as_text
    key = {"certificate": text}
    card = hostile.signed_hcert(PAYLOAD, header)
    return {"id": name, "text": card, "keys": [key], "at": "2026-11-23T10:00:00Z"}


def keys() -> list[Row]:
    return [(name, shown(name, certificate(spki=spki)), good) for name, spki, good in spellings()]


def dates() -> list[Row]:
    rows = []
    for tag, begin, good in (
        (UTC_TIME, b"260101000000Z", True),
        (UTC_TIME, b"2601010000Z", False),
        (UTC_TIME, b"2601 1000000Z", False),
        (UTC_TIME, b"26 1 1 0 0 0Z", False),
        (UTC_TIME, b"26010100000Z", False),
        (UTC_TIME, b"260101000000+0000", False),
        (UTC_TIME, b"260101000000Z ", False),
        (GENERAL_TIME, b"20260101000000Z", True),
        (GENERAL_TIME, b"202601010000Z", False),
        (GENERAL_TIME, b"20260101000000.5Z", False),
        (GENERAL_TIME, b"20260230000000Z", False),
        (GENERAL_TIME, "２０２６0101000000Z".encode(), False),
    ):
        name = begin.decode()
        rows.append((name, shown(name, certificate(dates=(der(tag, begin), AFTER))), good))
    return rows


def ends() -> list[Row]:
    rows = []
    for name, end, good in (
        ("no signature", b"", True),
        ("a signature that is cut", b"\x03\x7f", False),
        ("a length that is cut", b"\x03", False),
        ("something behind the signature", b"\x03\x01\0\5\0", True),
    ):
        rows.append((name, shown(name, certificate(end=end)), good))
    return rows


@pytest.mark.parametrize("made", [keys, dates, ends], ids=lambda one: one.__name__)
def test_certificates_are_believed_or_not_alike(made):
    rows = made()
    cases = [case for _, case, _ in rows]
    assert differences(cases) == []
    lines = [plain.json_bytes(case) for case in cases]
    told = {one["id"]: one["code"] for one in answers_of_ours("verify", lines)}
    assert told == {name: "ok" if good else "untrusted" for name, _, good in rows}
