import zlib
from datetime import UTC, datetime
from typing import Any

import pytest

from huxin.kernel import cbor
from huxin.kernel.errors import RefusalError
from huxin.trust.credentials import base45, cose, hcert
from huxin.trust.credentials.credential import StatusIndex
from huxin.trust.issue import issue
from tests.lib.regions import NOW, REED_ISLES, facts

ATTESTATION = hcert.family_of("hcert-100").write(facts())


def text(payload: object) -> str:
    envelope = cose.write(cose.protect("ES256", b"12345678"), cbor.dumps(payload), b"s" * 64)
    return hcert.PREFIX + base45.encode(zlib.compress(envelope))


def claims(**more: Any) -> dict[Any, Any]:
    return {1: "QW", 4: 1_800_000_000, 6: 1_700_000_000, -260: {-100: ATTESTATION}} | {
        int(key[1:]): value for key, value in more.items()
    }


def opened(payload: object) -> Any:
    return hcert.open_text(text(payload), [])


def refusal(payload: object) -> tuple[str, list[str]]:
    passed: list[str] = []
    with pytest.raises(RefusalError) as caught:
        hcert.open_text(text(payload), passed)
    return caught.value.refusal.code, passed


def test_every_step_is_noted() -> None:
    passed: list[str] = []
    credential = hcert.open_text(text(claims()), passed)
    assert tuple(passed) == hcert.STEPS
    assert credential.facts == facts()
    assert credential.expires == datetime.fromtimestamp(1_800_000_000, UTC)


def test_a_cwt_tag_inside_is_taken_off() -> None:
    assert opened(cbor.Tag(61, claims())).issuer == "QW"


@pytest.mark.parametrize(
    "time", [1_800_000_000, 1_800_000_000.0, datetime.fromtimestamp(1_800_000_000, UTC)]
)
def test_times_as_they_occur(time: object) -> None:
    assert opened(claims(_4=time, _5=time)).not_before == datetime.fromtimestamp(1_800_000_000, UTC)


@pytest.mark.parametrize(
    "time", ["tomorrow", True, -1e30, float("inf"), float("-inf"), float("nan"), []]
)
def test_times_that_are_none(time: object) -> None:
    assert refusal(claims(_4=time))[0] == "cose"


LAST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("time", [253_402_300_800, 1_800_000_000_000, 1e30, 1 << 62])
def test_a_time_after_the_calendar_is_its_last_second(time: object) -> None:
    card = opened(claims(_4=time, _5=time, _6=time))
    assert (card.expires, card.not_before, card.issued) == (LAST, LAST, LAST)
    assert card.facts is not None


def test_a_card_without_times_or_issuer_is_read() -> None:
    credential = opened({-260: {-100: ATTESTATION}})
    assert (credential.issuer, credential.issued, credential.expires) == (None, None, None)


@pytest.mark.parametrize("issuer", [7, b"QW", None])
def test_an_issuer_that_is_no_text_is_none(issuer: object) -> None:
    assert opened(claims(_1=issuer)).issuer is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            {"status_list": {"idx": 7, "uri": "https://qw.example.org/s"}},
            StatusIndex("https://qw.example.org/s", 7),
        ),
        ({"status_list": {"idx": -7, "uri": "u"}}, None),
        ({"status_list": {"idx": 7}}, None),
        ({"status_list": 7}, None),
        ({}, None),
        (7, None),
    ],
)
def test_the_status_index(value: object, expected: StatusIndex | None) -> None:
    assert opened(claims(_65535=value)).status == expected


@pytest.mark.parametrize(
    ("name", "payload", "code"),
    [
        ("payload is a number", 5, "cose"),
        ("another tag inside", cbor.Tag(60, claims()), "cose"),
        ("no health claim", {1: "QW"}, "cose"),
        ("health claim is a list", claims() | {-260: []}, "cose"),
        ("claims named true", claims() | {True: "QX"}, "cose"),
        ("health claim named true", claims() | {-260: {True: {}}}, "cose"),
        ("a family of another kind", claims() | {-260: {5: ["shlink:/"]}}, "format"),
        ("a family that is bytes", claims() | {-260: {1: b"v"}}, "cbor"),
    ],
)
def test_refused(name: str, payload: object, code: str) -> None:
    if name == "claims named true":
        payload = {key: value for key, value in claims().items() if key != 1} | {True: "QX"}
    assert refusal(payload) == (code, ["prefix", "base45", "inflate"]), name


def test_content_that_cannot_be_read_is_a_fault_of_the_content() -> None:
    credential = opened(claims() | {-260: {-100: {"v": 1, "k": "song"}}})
    assert credential.facts is None
    assert credential.fault.code == "implausible"


def test_a_null_family_is_passed_over() -> None:
    assert opened(claims() | {-260: {1: None, -100: ATTESTATION}}).format == "hcert-100"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("hc1:AAA", "prefix"),
        ("HC2:AAA", "prefix"),
        ("", "prefix"),
        ("HC1:" + "A" * 20_000, "too-big"),
    ],
)
def test_texts_that_are_not_read_further(given: str, code: str) -> None:
    with pytest.raises(RefusalError) as caught:
        hcert.open_text(given, [])
    assert caught.value.refusal.code == code


@pytest.mark.parametrize(
    "status", [None, StatusIndex("https://reed-isles.example.org/status/1", 2**20 - 1)]
)
def test_what_is_issued_is_deterministic_cbor(status: StatusIndex | None) -> None:
    credential = issue(facts(), REED_ISLES, now=NOW, status=status)
    payload = cose.parse(zlib.decompress(base45.decode(credential.text[4:]))).payload
    assert payload == cbor.dumps(cbor.loads(payload)), "keys in the order of RFC 8949, 4.2.1"
    assert credential.status == status
