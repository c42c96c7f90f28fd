import pytest

from huxin.kernel.errors import Refusal, RefusalError
from huxin.kernel.identifiers import kid_of, kid_text, parse_region


@pytest.mark.parametrize("text", ["QV", "UTO", "QV-01"])
def test_regions(text: str) -> None:
    assert parse_region(text) == text


@pytest.mark.parametrize("text", ["", "q", "qv", "QVWX", "QV-", "QV\n"])
def test_what_is_no_region(text: str) -> None:
    with pytest.raises(RefusalError):
        parse_region(text)


def test_a_kid_is_eight_bytes_of_sha_256() -> None:
    assert kid_of(b"").hex() == "e3b0c44298fc1c14"


@pytest.mark.parametrize(
    ("kid", "text"),
    [
        (bytes(8), "AAAAAAAAAAA="),
        (b"3Kfdg-XwP-7gXyyw", "3Kfdg-XwP-7gXyyw"),
        (b"ABCDEFGH", "QUJDREVGR0g="),
    ],
)
def test_kids_are_written_for_people(kid: bytes, text: str) -> None:
    assert kid_text(kid) == text


def test_a_kid_of_odd_bytes_is_written_as_base64() -> None:
    assert kid_text(b"\xff\x00\x01") == "/wAB"
    assert kid_text(b"a\n") == "YQo="


def test_a_refusal_says_its_code() -> None:
    assert str(RefusalError("kid")) == "kid"
    assert str(RefusalError("kid", "why")) == "kid: why"
    assert RefusalError("kid", "why").refusal == Refusal("kid", "why")
