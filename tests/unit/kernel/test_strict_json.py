"""Files that decide whom to believe are read more strictly than JSON asks."""

import pytest

from huxin.kernel import strict_json
from huxin.kernel.errors import RefusalError


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b'{"a": [1, 2.5, null, true]}', {"a": [1, 2.5, None, True]}),
        (b"\xef\xbb\xbf7", 7),
        (b'"\\u6797\\ud846\\uddd1"', "林\U000219d1"),
    ],
    ids=["object", "byte order mark", "escapes"],
)
def test_what_is_read(data, value):
    assert strict_json.parse(data, code="key-file") == value


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not JSON: line 1, column 1"),
        (b'{\n "a":', "not JSON: line 2, column 6"),
        (b'{"b": 1, "a": 1, "a": 1}', "a key twice: a"),
        (b"NaN", "not a number: NaN"),
        (b'"\\ud846"', "half of a character"),
        (b'"\xff"', "not UTF-8: byte 2"),
        (b"[" * 100_000, "nested too deep"),
        (b"9" * 5_000, "a number too long"),
    ],
    ids=["nothing", "half", "a key twice", "NaN", "half a character", "not UTF-8", "deep", "long"],
)
def test_what_is_refused_and_why(data, why):
    with pytest.raises(RefusalError) as error:
        strict_json.parse(data, code="key-file")
    assert (error.value.refusal.code, error.value.refusal.detail) == ("key-file", why)
