import gzip
import hashlib
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huxin.adapters import trust_bundle
from huxin.adapters.trust_bundle import is_name, open_bundle, pack
from huxin.adapters.trust_repository import files_of
from huxin.kernel import cbor
from huxin.kernel.errors import RefusalError
from tests.lib.federations import Federation

FILES = {
    "metadata/timestamp.json": b"{}",
    "metadata/1.root.json": b"r",
    "targets/QV/ab.keys.cbor": b"k",
}


def refused(data: bytes) -> str:
    with pytest.raises(RefusalError) as caught:
        open_bundle(data)
    return caught.value.refusal.code


DIGEST = hashlib.sha256(b"a key").hexdigest()


def zipped(found: object) -> bytes:
    """Any value, packed as a bundle is."""
    return gzip.compress(cbor.dumps(found), mtime=0)


def bundled(
    json: object = (), other: object = (), digests: object = b"", version: int = 1
) -> bytes:
    """A bundle, made by hand."""
    parts = {"json": json or {}, "other": other or {}}
    return zipped({"v": version, "digests": digests, **parts})


def test_it_comes_back_as_it_went():
    assert open_bundle(pack(FILES)) == FILES


def test_the_same_files_give_the_same_bytes_everywhere():
    assert pack(dict(reversed(FILES.items()))) == pack(FILES)
    data = pack(FILES)
    # Neither the time nor the system that wrote it stands in the head.
    assert data[:10] == bytes.fromhex("1f8b08000000000002ff")
    assert hashlib.sha256(gzip.decompress(data)).hexdigest() == (
        hashlib.sha256(
            cbor.dumps(
                {
                    "v": 1,
                    "digests": b"",
                    "json": {name: one for name, one in FILES.items() if name.endswith("json")},
                    "other": {name: one for name, one in FILES.items() if name.endswith("cbor")},
                }
            )
        ).hexdigest()
    )


def test_a_digest_that_stands_twice_is_written_once():
    files = {
        "metadata/1.root.json": f'{{"{DIGEST}":1}}'.encode(),
        "metadata/timestamp.json": f'{{"keyid":"{DIGEST}"}}'.encode(),
        "targets/QV/ab.odd.json": f"\0{DIGEST}".encode(),
    }
    data = gzip.decompress(pack(files))
    assert data.count(bytes.fromhex(DIGEST)) == 1
    assert data.count(DIGEST.encode()) == 1  # in the file that has a mark of its own
    assert open_bundle(pack(files)) == files


@given(
    st.dictionaries(
        st.sampled_from([f"metadata/{number}.root.json" for number in range(4)]),
        st.lists(
            st.sampled_from([DIGEST.encode(), DIGEST[:40].encode(), b"\0", b"\0\0\0", b"{}"])
        ).map(b"".join),
    )
)
def test_whatever_stands_in_files_comes_back(files):
    assert open_bundle(pack(files)) == files


@pytest.mark.parametrize(
    "data",
    [
        bundled(version=2),
        bundled(digests=b"x"),
        bundled(digests=[]),
        bundled(json=[1]),
        bundled(other=[1]),
        bundled(json={"metadata/1.root.json": "text"}),
        bundled(other={"metadata/1.root.json": "text"}),
        bundled(json={"metadata/1.root.json": b""}, other={"metadata/1.root.json": b""}),
        bundled(json={"metadata/1.root.json": b"\0\0\0"}),
        bundled(json={"metadata/1.root.json": b"\0\0\1"}, digests=bytes(32)),
        bundled(json={"metadata/1.root.json": b"\0\0"}, digests=bytes(32)),
    ],
    ids=lambda data: hashlib.sha256(data).hexdigest()[:8],
)
def test_a_table_that_cannot_be_is_refused(data):
    assert refused(data) == "trust-file"


def test_marks_that_would_unfold_past_the_limit_are_counted_first(monkeypatch):
    monkeypatch.setattr(trust_bundle, "MOST_TOTAL", 1_000)
    data = bundled(json={"metadata/1.root.json": b"\0\0\0" * 15}, digests=bytes(32))
    assert len(open_bundle(data)["metadata/1.root.json"]) == 15 * 64
    data = bundled(json={"metadata/1.root.json": b"\0\0\0" * 16}, digests=bytes(32))
    assert refused(data) == "too-big"


def test_a_published_list_comes_back_whole(tmp_path):
    federation = Federation(2)
    federation.write(tmp_path)
    (tmp_path / "readme.txt").write_text("not of the repository")
    assert open_bundle(pack(files_of(tmp_path))) == federation.files


def test_files_that_are_more_than_a_bundle_may_hold(monkeypatch):
    monkeypatch.setattr(trust_bundle, "MOST_TOTAL", 1)
    with pytest.raises(RefusalError, match="too-big"):
        pack(FILES)


@pytest.mark.parametrize(
    "name",
    [
        "metadata/../../etc/passwd", "/etc/passwd", "targets/QV/../QW/keys.cbor", "metadata/.root",
        "metadata", "other/file", "targets/a/b/c", "metadata/a\n", "metadata/" + "a" * 201,
        "metadata\\root.json", "", 7,
    ],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_refused(name):
    assert not is_name(name)
    assert refused(bundled(other={name: b""})) == "trust-file"


def test_a_bomb_is_not_unfolded(monkeypatch):
    stream = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(stream.compress(bytes(1_000_000)) for _ in range(100)) + stream.flush()
    assert len(bomb) < 200_000
    assert refused(bomb) == "too-big"
    monkeypatch.setattr(trust_bundle, "MOST_BUNDLE", 100)
    assert refused(bytes(101)) == "too-big"


def test_a_bomb_of_many_names(monkeypatch):
    monkeypatch.setattr(trust_bundle, "MOST_FILES", 3)
    many = {f"metadata/{number}.root.json": b"" for number in range(4)}
    assert refused(bundled(json=many)) == "trust-file"
    with pytest.raises(RefusalError, match="too-big"):
        pack(many)


def test_a_bundle_that_would_be_too_large_to_be_read_is_not_written(monkeypatch):
    monkeypatch.setattr(trust_bundle, "MOST_BUNDLE", 20)
    with pytest.raises(RefusalError, match="too-big"):
        pack(FILES)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"PK\x03\x04", "another form"),
        (pack(FILES)[:-1], "cut in its end"),
        (pack(FILES)[:20], "cut in its middle"),
        (pack(FILES) + b"x", "bytes after the end"),
        (pack(FILES) + pack(FILES), "two in one"),
        (pack(FILES)[:-5] + bytes(5), "another sum"),
        (zipped([1]), "no map"),
        (gzip.compress(b"\xa2\x61a\x40\x61a\x40", mtime=0), "a name twice"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_is_no_bundle_is_refused(data, why):
    assert refused(data) == "trust-file"


def test_names_beside_are_only_let_in_where_they_are_asked_for():
    data = pack(FILES | {"memory.json": b"{}"})
    assert refused(data) == "trust-file"
    assert "memory.json" in open_bundle(data, beside=frozenset({"memory.json"}))
