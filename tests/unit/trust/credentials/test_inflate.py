import tracemalloc
import zlib
from collections.abc import Callable

import pytest

from huxin.kernel.errors import RefusalError
from huxin.trust.credentials.inflate import MAX_BYTES, deflate_raw, inflate_raw, inflate_zlib


def code(inflate: Callable[[bytes], bytes], data: bytes) -> str:
    with pytest.raises(RefusalError) as caught:
        inflate(data)
    return caught.value.refusal.code


def test_what_was_compressed_comes_back() -> None:
    assert inflate_zlib(zlib.compress(b"card" * 99)) == b"card" * 99
    assert inflate_raw(deflate_raw(b"card" * 99)) == b"card" * 99
    assert inflate_zlib(zlib.compress(b"stored", 0)) == b"stored"
    assert inflate_zlib(zlib.compress(bytes(MAX_BYTES))) == bytes(MAX_BYTES)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("nothing", b""),
        ("not compressed", b"card"),
        ("cut short", zlib.compress(b"card" * 99)[:-1]),
        ("without its checksum", zlib.compress(b"card")[:-4]),
        ("bytes after the end", zlib.compress(b"card") + b"\0"),
        ("two streams", zlib.compress(b"card") * 2),
    ],
)
def test_refused(name: str, data: bytes) -> None:
    assert code(inflate_zlib, data) == "inflate", name


def test_a_bomb_is_too_big_and_takes_little_memory() -> None:
    bomb = zlib.compress(bytes(50_000_000), 9)
    tracemalloc.start()
    try:
        assert code(inflate_zlib, bomb) == "too-big"
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * MAX_BYTES + len(bomb)
