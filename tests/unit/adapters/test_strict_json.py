"""Files that decide whom to believe are read more strictly than JSON asks."""

import pytest

from huxin.adapters import strict_json
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
    "data",
    [b"", b"{", b'{"a": 1, "a": 1}', b"NaN", b'"\\ud846"', b"\xff", b"[" * 100_000],
    ids=["nothing", "half", "a key twice", "NaN", "half a character", "not UTF-8", "deep"],
)
def test_what_is_refused(data):
    with pytest.raises(RefusalError) as error:
        strict_json.parse(data, code="key-file")
    assert error.value.refusal.code == "key-file"
