"""Certificates in every spelling that occurs, or that somebody might try: both implementations believe the same ones."""

from __future__ import annotations

import base64
from collections.abc import Iterator
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


def keys() -> Iterator[Row]:
    for name, spki, good in spellings():
        yield name, shown(name, certificate(spki=spki)), good


def dates() -> Iterator[Row]:
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
        yield name, shown(name, certificate(dates=(der(tag, begin), AFTER))), good


def ends() -> Iterator[Row]:
    for name, end, good in (
        ("no signature", b"", True),
        ("a signature that is cut", b"\x03\x7f", False),
        ("a length that is cut", b"\x03", False),
        ("something behind the signature", b"\x03\x01\0\5\0", True),
    ):
        yield name, shown(name, certificate(end=end)), good


def forms() -> Iterator[Row]:
    """One certificate, written in every way that somebody may hand it over."""
    written = certificate()
    lines = base64.encodebytes(written).decode("ascii")
    plain_text = lines.replace("\n", "")
    pem = f"-----BEGIN CERTIFICATE-----\n{lines}-----END CERTIFICATE-----\n"
    marked = "\ufeff" + pem
    wrapped = base64.b64encode(pem.encode()).decode("ascii")
    for name, text, good in (
        ("base64", plain_text, True),
        ("base64 in lines", lines.replace("\n", "\r\n"), True),
        ("base64 with a tab, a blank and a form feed", f"\t{plain_text[:9]} {plain_text[9:]}\f", True),
        ("base64 with a mark before it", "\ufeff" + plain_text, True),
        ("base64 with a mark inside", plain_text[:8] + "\ufeff" + plain_text[8:], False),
        ("base64 with a blank of print", plain_text[:8] + "\u00a0" + plain_text[8:], False),
        ("base64 with a next line of old", plain_text[:8] + "\x85" + plain_text[8:], False),
        ("base64 with a separator", plain_text[:8] + "\x1c" + plain_text[8:], False),
        ("base64 with another separator", plain_text[:8] + "\u2028" + plain_text[8:], False),
        ("base64 without its padding", plain_text.rstrip("="), not plain_text.endswith("=")),
        ("base64 with padding too many", plain_text + "=", False),
        ("base64url", plain_text.replace("+", "-").replace("/", "_"), False),
        ("PEM", pem, True),
        ("PEM with a mark before it", marked, True),
        ("PEM with blanks and a mark before it", f"\n \ufeff{pem}", True),
        ("PEM in lines of DOS", pem.replace("\n", "\r\n"), True),
        ("PEM without its end", pem.partition("-----END")[0], True),
        ("PEM behind a word", "certificate: " + pem, False),
        ("PEM of something else", pem.replace("CERTIFICATE", "PUBLIC KEY"), False),
        ("PEM behind another", "-----BEGIN X-----\nAAAA\n-----END X-----\n" + pem, False),
        ("base64 of PEM", wrapped, True),
        ("base64 of PEM with a mark", base64.b64encode(marked.encode()).decode("ascii"), True),
        ("PEM of PEM", f"-----BEGIN CERTIFICATE-----\n{wrapped}\n-----END", True),
        ("base64 of base64", base64.b64encode(plain_text.encode()).decode("ascii"), False),
        ("base64 of base64 of PEM", base64.b64encode(wrapped.encode()).decode("ascii"), False),
        ("base64 of a broken PEM", base64.b64encode(pem.replace("M", "*").encode()).decode(), False),
        ("nothing", "", False),
    ):  # fmt: skip
        yield name, shown(name, written, as_text=text), good


@pytest.mark.parametrize("made", [keys, dates, ends, forms], ids=lambda one: one.__name__)
def test_certificates_are_believed_or_not_alike(made):
    rows = list(made())
    cases = [case for _, case, _ in rows]
    assert differences(cases) == []
    lines = [plain.json_bytes(case) for case in cases]
    told = {one["id"]: one["code"] for one in answers_of_ours("verify", lines)}
    assert told == {name: "ok" if good else "untrusted" for name, _, good in rows}
