"""The federation's own documents, field by field: what is read, and what makes all of it worthless."""

import base64
import json
from datetime import UTC, datetime

import pytest

from huxin.kernel.errors import RefusalError
from huxin.trust.federation.charter import (
    LAPSE,
    Caps,
    Charter,
    Member,
    Suspension,
    parse_charter,
    parse_members,
    parse_suspensions,
    write_charter,
    write_members,
    write_suspensions,
)
from huxin.trust.federation.fields import Fields, document

NOW = datetime(2026, 11, 28, 8, tzinfo=UTC)
WORDS = {"zh": "芦苇群岛", "en": "Reed Isles"}
KEY = "0a" * 32

CHARTER = Charter(
    WORDS, "production", WORDS, Caps(100, 7, 365), 72, (("QX", WORDS),), (KEY, "0b" * 32)
)
MEMBERS = (
    Member("QV", WORDS, "production", "active", NOW),
    Member("QW-01", WORDS, "test", "probation", NOW),
    Member("QX", WORDS, "production", "verify-only", NOW, "QV"),
)
SUSPENSIONS = (
    Suspension("2026-1", "QV", None, NOW, WORDS),
    Suspension("2026-2", "QX", KEY, NOW, WORDS),
)


def test_documents_come_back_as_they_were_written():
    assert parse_charter(write_charter(CHARTER)) == CHARTER
    assert parse_members(write_members(MEMBERS[::-1])) == MEMBERS
    assert parse_suspensions(write_suspensions(SUSPENSIONS[::-1])) == SUSPENSIONS


def test_a_suspension_lapses_and_is_confirmed_for_what_it_is():
    first, second = SUSPENSIONS
    assert first.lapses() == NOW + LAPSE
    assert first.mark() != second.mark()
    renamed = Suspension("another", first.region, first.key, first.since, {})
    assert renamed.mark() == first.mark()
    moved = Suspension(first.name, "QW", first.key, first.since, first.reason)
    assert moved.mark() != first.mark()


def refused(parse, whole):
    with pytest.raises(RefusalError) as error:
        parse(json.dumps(whole).encode())
    assert error.value.refusal.code == "trust-file"
    return error.value.refusal.detail


def changed(document, path, value):
    """Return a written document with one place changed; "gone" takes it out."""
    whole = json.loads(document)
    *way, last = path
    place = whole
    for step in way:
        place = place[step]
    if value == "gone":
        del place[last]
    else:
        place[last] = value
    return whole


@pytest.mark.parametrize(
    ("path", "value", "detail"),
    [
        (["huxin"], "members", "at /: not charter of version 1"),
        (["v"], 2, "at /: not charter of version 1"),
        (["v"], True, "at /v: not a whole number"),
        (["v"], 1.0, "at /v: not a whole number"),
        (["more"], 1, "at /: a field that version 1 does not know: more"),
        (["name"], "gone", "at /name: not an object"),
        (["name"], "text", "at /name: not an object"),
        (["name", "fr"], "x", "at /name: a field that version 1 does not know: fr"),
        (["name", "zh"], "gone", "at /name/zh: not a text"),
        (["name", "zh"], "", "at /name/zh: not a text"),
        (["name", "zh"], "x" * 20_001, "at /name/zh: not a text"),
        (["name", "en"], "e\u0301", "at /name/en: not in normal form C"),
        (["name", "en"], "a\u202eb", "at /name/en: a character that cannot be seen"),
        (["name", "en"], "a\tb", "at /name/en: a character that cannot be seen"),
        (["name", "en"], "a\U0001343cb", "at /name/en: a character that cannot be seen"),
        (["environment"], "real", "at /environment: none of production, test"),
        (["caps", "more"], 1, "at /caps: a field"),
        (["caps", "credentials"], 0, "at /caps/credentials: not a whole number from 1"),
        (["caps", "issuing_days"], "31", "at /caps/issuing_days: not a whole number"),
        (["notice_hours"], 9_000, "at /notice_hours: not a whole number from 0 to 8760"),
        (["dissent"], {}, "at /dissent: not a list"),
        (["dissent"], [7], "at /dissent/0: not an object"),
        (["dissent", 0, "region"], "qx", "at /dissent/0/region: a region is"),
        (["dissent", 0, "more"], 1, "at /dissent/0: a field"),
        (["confirmed"], ["2026-1"], "at /confirmed/one: not a SHA-256"),
        (["confirmed"], [KEY.upper()], "at /confirmed/one: not a SHA-256"),
        (["confirmed"], [KEY, KEY], "at /confirmed: one of them twice"),
        (["confirmed"], [KEY] * 1_001, "at /confirmed: not a list of up to 1000"),
    ],
)
def test_a_charter_with_one_fault_is_none(path, value, detail):
    assert refused(parse_charter, changed(write_charter(CHARTER), path, value)).startswith(detail)


@pytest.mark.parametrize(
    ("path", "value", "detail"),
    [
        (["members"], "gone", "at /members: not a list"),
        (["members", 0, "region"], "QX", "at /members: a region twice"),
        (["members", 0, "standing"], "owner", "at /members/0/standing: none of"),
        (["members", 0, "since"], "soon", "at /members/0/since: not an instant"),
        (["members", 0, "since"], "2026-11-28", "at /members/0/since: not an instant such as"),
        (["members", 0, "since"], "2026-11-28T08:00:60Z", "at /members/0/since: not an instant of"),
        (["members", 0, "since"], 7, "at /members/0/since: not an instant such as"),
        (["members", 0, "successor"], "all", "at /members/0/successor: a region is"),
        (["members", 0, "more"], 7, "at /members/0: a field"),
        (["more"], 7, "at /: a field"),
    ],
)
def test_a_list_of_members_with_one_fault_is_none(path, value, detail):
    assert refused(parse_members, changed(write_members(MEMBERS), path, value)).startswith(detail)


@pytest.mark.parametrize(
    ("path", "value", "detail"),
    [
        (["suspensions", 0, "name"], "2026-2", "at /suspensions: a name twice"),
        (["suspensions", 1, "key"], "0a", "at /suspensions/1/key: not a SHA-256"),
        (["suspensions", 1, "key"], 7, "at /suspensions/1/key: not a text"),
        (["suspensions", 1, "reason"], None, "at /suspensions/1/reason: not an object"),
        (["suspensions", 1, "more"], None, "at /suspensions/1: a field"),
        (["more"], 7, "at /: a field"),
    ],
)
def test_a_list_of_suspensions_with_one_fault_is_none(path, value, detail):
    written = write_suspensions(SUSPENSIONS)
    assert refused(parse_suspensions, changed(written, path, value)).startswith(detail)


@pytest.mark.parametrize("parse", [parse_charter, parse_members, parse_suspensions])
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "trust-file"),
        (b"[]", "trust-file"),
        (b'{"v": 1, "v": 1}', "trust-file"),
        (b" " * 500_001, "too-big"),
    ],
    ids=["nothing", "a list", "a field twice", "too long"],
)
def test_what_is_no_document_at_all(parse, data, code):
    with pytest.raises(RefusalError) as error:
        parse(data)
    assert error.value.refusal.code == code


# ------------------------------------------------------------------------------------ single fields


def test_octets_stand_in_one_form_of_base64():
    fields = Fields("/x", {"a": base64.b64encode(b"\0\xff").decode(), "b": 7})
    assert fields.octets("a", 2) == b"\0\xff"
    for found in ("AP9=", "AP8", "AP8 =", "é", "AP8=AP8=", 7, None, "A" * 12):
        with pytest.raises(RefusalError, match=r"at /x/a: .*"):
            Fields("/x", {"a": found}).octets("a", 2)


def test_regions_stand_once():
    assert Fields("", {"a": ["QV", "QW-1"]}).regions("a", 2) == ("QV", "QW-1")
    with pytest.raises(RefusalError, match="twice"):
        Fields("", {"a": ["QV", "QV"]}).regions("a", 2)
    with pytest.raises(RefusalError, match="up to 2"):
        Fields("", {"a": ["QV", "QW", "QX"]}).regions("a", 2)


def test_a_document_says_what_it_is():
    assert document(b'{"huxin": "x", "v": 1}', kind="x", limit=30).has("v")
    with pytest.raises(RefusalError, match="not x of version 1"):
        document(b'{"huxin": "y", "v": 1}', kind="x", limit=30)


def test_a_region_dissents_once():
    whole = json.loads(write_charter(Charter(WORDS, "production", WORDS, dissent=(("QV", WORDS),))))
    whole["dissent"] *= 2
    with pytest.raises(RefusalError, match="a region twice"):
        parse_charter(json.dumps(whole).encode())
