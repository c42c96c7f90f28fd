import contextlib
import os
import socketserver
import threading

import pytest

from huxin.adapters import intake, trust_source
from huxin.adapters.trust_bundle import pack
from huxin.adapters.trust_refresh import refresh
from huxin.adapters.trust_repository import files_of
from huxin.adapters.trust_source import Bundle, Fetcher, Folder, Website, open_place
from huxin.kernel.errors import RefusalError
from tests.lib.federations import HOUR, NOW, Federation

LOOPBACK = pytest.mark.allow_hosts(["127.0.0.1", "localhost"])
NAME = "metadata/timestamp.json"


def code(do, *given) -> str:
    with pytest.raises(RefusalError) as caught:
        do(*given)
    return caught.value.refusal.code


@contextlib.contextmanager
def answering(*answers: bytes):
    """A server that gives these answers, one a question, and then hangs up."""
    left = list(answers)
    asked: list[bytes] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            while left:
                question = b""
                while not question.endswith(b"\r\n\r\n"):
                    line = self.rfile.readline()
                    if not line:
                        return
                    question += line
                asked.append(question)
                answer = left.pop(0)
                self.wfile.write(answer)
                if b"Content-Length" not in answer:
                    return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/trust/v1/", asked
        server.shutdown()
        thread.join()


def answer(status: str, body: bytes = b"", *, length: int | None = None, more: str = "") -> bytes:
    size = len(body) if length is None else length
    return f"HTTP/1.1 {status}\r\nContent-Length: {size}\r\n{more}\r\n".encode() + body


# ------------------------------------------------------------------------------ folders, bundles


def test_a_folder_gives_its_files_and_says_what_is_missing(tmp_path):
    (tmp_path / "metadata").mkdir()
    (tmp_path / NAME).write_bytes(b"12345")
    place = open_place(str(tmp_path))
    assert place.carried
    assert place.read(NAME, 5) == b"12345"
    assert code(place.read, NAME, 4) == "too-big"
    assert code(place.read, "metadata/1.root.json", 5) == "trust-missing"
    assert code(place.read, f"{NAME}/x", 5) == "trust-missing"


def test_what_is_no_file_is_not_waited_for(tmp_path):
    (tmp_path / "metadata").mkdir()
    os.mkfifo(tmp_path / NAME)
    (tmp_path / "metadata" / "folder").mkdir()
    place = Folder(tmp_path)
    assert code(place.read, NAME, 5) == "trust-source"
    assert code(place.read, "metadata/folder", 5) == "trust-source"
    (tmp_path / "metadata" / "loop").symlink_to("loop")
    assert code(place.read, "metadata/loop", 5) == "trust-source"


def test_a_stick_that_is_pulled_while_it_is_read(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"1")

    def pulled(stream, *, limit, name):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(intake, "read_stream", pulled)
    assert code(Folder(tmp_path).read, "a", 5) == "trust-source"


def test_a_bundle_is_opened_by_its_path(tmp_path):
    Federation(1).write(tmp_path / "place")
    path = tmp_path / "list.bundle"
    path.write_bytes(pack(files_of(tmp_path / "place")))
    place = open_place(str(path))
    assert place.carried
    assert place.read("metadata/1.root.json", 100_000) == Federation(1).first_root()
    assert code(place.read, "metadata/1.root.json", 10) == "too-big"
    assert code(place.read, "metadata/9.root.json", 10) == "trust-missing"
    path.write_bytes(b"no bundle")
    assert code(open_place, str(path)) == "trust-file"
    assert code(open_place, str(tmp_path / "nothing")) == "trust-source"


# -------------------------------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    "address",
    [
        "http://", "https:///path", "http://user:secret@host/", "http://host/?a=b", "http://host/#a",
        "http://host:port/", "http://host:99999999/", "http://[::1/",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_folder(address):
    assert code(open_place, address) == "trust-source"


@LOOPBACK
def test_an_address_is_asked_on_one_line():
    with answering(
        answer("200 OK", b"one"), answer("404 Not Found", b"x"), answer("200 OK")
    ) as told:
        address, asked = told
        place = open_place(address)
        assert not place.carried
        assert place.read(NAME, 3) == b"one"
        assert code(place.read, "metadata/2.root.json", 3) == "trust-missing"
        assert place.read("targets/a", 3) == b""
        place.close()
    assert asked[0].startswith(b"GET /trust/v1/metadata/timestamp.json HTTP/1.1\r\n")
    assert b"Accept-Encoding: identity" in asked[0]
    assert b"Cookie" not in asked[0]


@LOOPBACK
@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (answer("301 Moved", more="Location: http://192.0.2.1/\r\n"), "trust-source"),
        (answer("302 Found", more="Location: file:///etc/passwd\r\n"), "trust-source"),
        (answer("500 Oops"), "trust-source"),
        (answer("403 Forbidden"), "trust-missing"),
        (answer("200 OK", b"12345"), "too-big"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 500_000, "too-big"),
        (answer("200 OK", b"1", length=3), "trust-source"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab", "trust-source"),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n", "trust-source"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "trust-source"),
        (b"", "trust-source"),
    ],
    ids=[
        "moved", "found elsewhere", "broken", "forbidden", "longer than it may be", "endless",
        "cut short", "cut in a chunk", "endless heads", "another protocol", "nothing",
    ],
)  # fmt: skip
def test_an_answer_that_is_none(said, expected):
    with answering(said) as (address, _):
        assert code(Website(address).read, NAME, 4) == expected


@LOOPBACK
def test_a_line_that_the_server_closed_is_opened_once_more():
    closing = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1"
    with answering(closing, b"", answer("200 OK", b"2")) as (address, asked):
        place = Website(address)
        assert place.read(NAME, 3) == b"1"
        assert place.read(NAME, 3) == b"2"
        place.close()
    assert len(asked) == 3


@LOOPBACK
def test_no_question_is_asked_when_the_time_is_over():
    now = [0.0]
    with answering(answer("200 OK", b"x" * 10)) as (address, asked):
        place = Website(address, patience=300.0, ticks=lambda: now[0])
        assert place.read(NAME, 10) == b"x" * 10
        now[0] = 300.0
        assert code(place.read, NAME, 10) == "trust-source"
    assert len(asked) == 1


HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
ENDLESS = {
    "a status line": (b"", b"H"),
    "heads": (HEAD, b"X"),
    "continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "the length of a piece": (CHUNKED, b"1"),
    "pieces": (CHUNKED, b"1;" + b"x" * 20 + b"\r\n{\r\n"),
    "trailers": (CHUNKED + b"1\r\n{\r\n0\r\n", b"X-T: y\r\n"),
    "the file": (HEAD + b"Content-Length: 9000\r\n\r\n", b"x"),
}


@contextlib.contextmanager
def never_ending(first: bytes, then: bytes, pause: float):
    """A server that goes on for ever, and says when the line was closed on it."""
    left = threading.Event()
    stop = threading.Event()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            self.request.recv(4096)
            with contextlib.suppress(OSError):
                self.request.sendall(first)
                while not stop.is_set():
                    self.request.sendall(then)
                    stop.wait(pause)
            if not stop.is_set():
                left.set()

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/", left
        stop.set()
        server.shutdown()
        thread.join()


@LOOPBACK
@pytest.mark.parametrize(("first", "then"), ENDLESS.values(), ids=ENDLESS)
def test_a_server_that_trickles_is_left_whatever_it_trickles_with(first, then):
    with never_ending(first, then, 0.01) as (address, left):
        place = Website(address, patience=0.3)
        assert code(place.read, NAME, 20_000) == "trust-source"
        assert left.wait(60)


@LOOPBACK
@pytest.mark.parametrize("what", ["continue", "pieces", "trailers"])
def test_a_server_that_never_comes_to_an_end_is_left(what, monkeypatch):
    monkeypatch.setattr(trust_source, "_AROUND", 20_000)
    first, then = ENDLESS[what]
    with never_ending(first, then * 1_000, 0) as (address, left):
        # The clock stands still: what is counted is bytes.
        place = Website(address, ticks=lambda: 0.0)
        assert code(place.read, NAME, 20_000) == "trust-source"
        assert left.wait(60)


@LOOPBACK
def test_a_file_in_many_small_pieces_is_read():
    pieces = b"".join(b"1\r\n%c\r\n" % one for one in b"whole") + b"0\r\n\r\n"
    with (
        answering(CHUNKED + pieces) as (address, _),
        contextlib.closing(Website(address)) as it,
    ):
        assert it.read(NAME, 5) == b"whole"


@LOOPBACK
def test_a_server_that_hangs_up_after_each_answer_is_dialled_again():
    closing = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n1"
    with answering(closing, closing) as (address, asked):
        place = Website(address)
        assert place.read(NAME, 3) == place.read(NAME, 3) == b"1"
        place.close()
    assert len(asked) == 2


@LOOPBACK
def test_nobody_is_there():
    with answering() as (address, _):
        pass
    assert code(Website(address).read, NAME, 10) == "trust-source"


@LOOPBACK
def test_a_plain_server_is_no_https_server():
    with answering() as (address, _):
        secret = address.replace("http:", "https:")
        assert code(Website(secret).read, NAME, 10) == "trust-source"


@LOOPBACK
def test_proxies_of_the_surroundings_are_not_used(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://192.0.2.1:9")
    with (
        answering(answer("200 OK", b"1")) as (address, _),
        contextlib.closing(Website(address)) as it,
    ):
        assert it.read(NAME, 10) == b"1"


# ---------------------------------------------------------------------------------------- fetcher


class Counting(Bundle):
    def __init__(self, files):
        super().__init__(files)
        self.asked: list[str] = []

    def read(self, name, limit):
        self.asked.append(name)
        return super().read(name, limit)


def test_what_was_had_or_missed_once_is_not_asked_for_again():
    place = Counting({NAME: b"123"})
    fetcher = Fetcher(place, {})
    assert fetcher.read(NAME, 10) == fetcher.read(NAME, 10) == b"123"
    for _ in range(2):
        assert code(fetcher.read, "metadata/2.root.json", 10) == "trust-missing"
    assert code(fetcher.read, NAME, 2) == "too-big"
    assert place.asked == [NAME, "metadata/2.root.json"]


def test_all_files_together_are_bounded(monkeypatch):
    monkeypatch.setattr(trust_source, "MOST_TOTAL", 5)
    fetcher = Fetcher(Bundle({"targets/a": b"123", "targets/b": b"456"}), {})
    fetcher.read("targets/a", 10)
    assert code(fetcher.read, "targets/b", 10) == "too-big"


def test_a_name_that_leads_elsewhere_is_not_asked_for():
    place = Counting({})
    assert code(Fetcher(place, {}).read, "metadata/../state", 10) == "trust-file"
    assert place.asked == []


def test_without_anything_held_tuf_may_ask_in_its_own_way():
    timestamp = Federation(1).files[NAME]
    fetcher = Fetcher(Bundle({NAME: timestamp}), {})
    assert b"".join(fetcher.fetch(NAME)) == timestamp


def test_one_region_that_changed_costs_few_questions(tmp_path):
    federation = Federation(5)
    refresh(Bundle(federation.files), tmp_path, root=None, now=NOW + HOUR)
    federation.set_keys("QW", "QW key 3")
    federation.publish("region-QW", later=HOUR)
    place = Counting(federation.files)
    refresh(place, tmp_path, root=None, now=NOW + 2 * HOUR)
    assert len(place.asked) == 5
    again = Counting(federation.files)
    refresh(again, tmp_path, root=None, now=NOW + 3 * HOUR)
    assert again.asked == [NAME, "metadata/2.root.json"]
