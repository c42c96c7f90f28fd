import pytest

from huxin.kernel.errors import RefusalError
from huxin.trust.credentials import base45

# The examples of RFC 9285, sections 4.3 and 4.4.
EXAMPLES = [
    (b"AB", "BB8"),
    (b"Hello!!", "%69 VD92EX0"),
    (b"base-45", "UJCLQE7W581"),
    (b"ietf!", "QED8WEX0"),
    (b"", ""),
]


@pytest.mark.parametrize(("data", "text"), EXAMPLES)
def test_the_examples_of_the_rfc(data: bytes, text: str) -> None:
    assert base45.encode(data) == text
    assert base45.decode(text) == data


@pytest.mark.parametrize(
    "text", ["GGW", "::", "A", "ABCD", "abc", "AB!", "é00", ":::", "00É", "??", "\0\0\0"]
)
def test_refused(text: str) -> None:
    with pytest.raises(RefusalError) as caught:
        base45.decode(text)
    assert caught.value.refusal.code == "base45"


def test_the_largest_groups() -> None:
    assert base45.decode("FGW") == b"\xff\xff"
    assert base45.decode("U5") == b"\xff"


def test_too_long_is_refused_before_it_is_read() -> None:
    with pytest.raises(RefusalError) as caught:
        base45.decode("A" * (base45.MAX_LETTERS + 1))
    assert caught.value.refusal.code == "too-big"


def test_every_pair_of_bytes_survives() -> None:
    data = b"".join(number.to_bytes(2, "big") for number in range(65_536))
    for start in range(0, len(data), 32_768):
        part = data[start : start + 32_768]
        assert base45.decode(base45.encode(part)) == part
