"""PDF from strangers: drawn in a process of its own, which may fail and may not do harm."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile

import pytest
from PIL import Image

from huxin.adapters import pdf_pages
from huxin.kernel.errors import RefusalError
from huxin.trust import qr, reading

TEXT = "HC1:" + "NCFOXN" * 60


def pdf(*sizes: tuple[float, float], code: bool = False) -> bytes:
    """A PDF with pages of these sizes (points), a QR code on each if asked."""
    pages = []
    for width, height in sizes:
        image = Image.new("L", (round(width), round(height)), 255)
        if code:
            drawn = Image.open(io.BytesIO(qr.png(TEXT, scale=4))).convert("L")
            image.paste(drawn, (20, 20))
        pages.append(image)
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:])
    return out.getvalue()


def empty(pages: int, box: str = "0 0 9 9") -> bytes:
    kids = " ".join(f"{n} 0 R" for n in range(3, 3 + pages))
    body = "".join(
        f"{n} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[{box}]>>endobj " for n in range(3, 3 + pages)
    )
    return (
        f"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[{kids}]"
        f"/Count {pages}>>endobj {body} trailer<</Root 1 0 R>>"
    ).encode("ascii")


def refused(source: bytes) -> str:
    with pytest.raises(RefusalError) as caught:
        pdf_pages.pages(source)
    return caught.value.refusal.code


def test_pages_come_as_pictures_that_are_read():
    pictures = pdf_pages.pages(pdf((400, 400), (400, 400), code=True))
    assert [qr.read(picture) for picture in pictures] == [(TEXT,), (TEXT,)]
    (opened, *_) = reading.open(pdf((400, 400), code=True), pages=pdf_pages.pages)
    assert opened.passed[0] == "picture"


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"%PDF-1.7 and no more", id="a head only"),
        pytest.param(pdf((300, 300))[:400], id="cut"),
        pytest.param(b"\x89PNG\r\n", id="a picture"),
    ],
)
def test_what_is_no_sound_pdf(source):
    assert refused(source) == "picture"


def test_five_pages_are_drawn_and_six_are_refused_rather_than_read_in_part():
    assert len(pdf_pages.pages(empty(5))) == 5
    assert refused(empty(6)) == "too-big"


def test_a_pdf_of_too_many_bytes():
    assert refused(b"%PDF" + bytes(pdf_pages.MAX_BYTES)) == "too-big"


def test_a_page_as_large_as_a_field_is_drawn_small():
    (picture,) = pdf_pages.pages(empty(1, "0 0 14400 14400"))
    width, height = Image.open(io.BytesIO(picture)).size
    assert width * height <= 20_100_000


def test_a_pdf_without_a_page_holds_no_code():
    (opened,) = reading.open(empty(0), pages=pdf_pages.pages)
    assert opened.refusal is not None
    assert opened.refusal.code == "picture"


def test_a_process_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(pdf_pages, "_SECONDS", 0.01)
    assert refused(empty(1)) == "picture"


def test_a_process_that_cannot_be_started(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/no/python")
    assert refused(empty(1)) == "picture"


def test_the_process_may_write_so_much_and_no_more():
    code = (
        "from huxin.adapters import pdf_pages as p; p._ROOM = 1000;"
        "p._draw = lambda source: [bytes(5000)]; p._main()"
    )
    with tempfile.TemporaryFile() as out:
        # Without what measures coverage: that could not write its own file under this limit.
        environment = {key: text for key, text in os.environ.items() if "COV" not in key}
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        assert done.returncode != 0
        assert out.seek(0, os.SEEK_END) <= 1000


@pytest.mark.parametrize(("pages", "status"), [(2, None), (6, 3)])
def test_the_process_draws_what_it_is_given(monkeypatch, pages, status):
    """The other process's own part, here where it can be looked at."""
    monkeypatch.setattr(pdf_pages, "_limit", lambda: None)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(empty(pages))))
    with tempfile.TemporaryFile() as out:
        monkeypatch.setattr(sys, "stdout", out)
        try:
            pdf_pages._main()
        except SystemExit as ended:
            assert ended.code == status
            return
        out.seek(0)
        assert len(list(pdf_pages._unpack(out.read()))) == pages
