"""PDF → pictures of its pages, drawn in a process of its own that may do little.

A PDF from a stranger is a program for a large machine written in C.  It is given a process
that may use so much time, memory and room and no more, that writes no file, and whose crash
is an answer: `picture`.

- `MAX_PAGES` pages, no more: a longer document is refused as `too-big` rather than read in
  part, since nobody could see which part was looked at;
- a page is drawn at 250 dots an inch, a huge one at fewer: so many pixels and no more;
- the PDF comes in by standard input, the pictures go out by standard output.  Both are
  unnamed files, so that the system itself ends a process that writes too much.
"""

from __future__ import annotations

import contextlib
import io
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import IO, Final

from huxin.kernel.errors import RefusalError

__all__ = ["MAX_BYTES", "MAX_PAGES", "pages"]

MAX_BYTES: Final = 25_000_000
MAX_PAGES: Final = 5

_SECONDS: Final = 20
_MEMORY: Final = 1_500_000_000
_ROOM: Final = 64_000_000  # bytes of all pictures together
_PIXELS: Final = 20_000_000  # A3 at 250 dots an inch
_DOTS: Final = 250 / 72
_TOO_MANY: Final = 3  # exit status of the process for a document with too many pages
_MODULE: Final = "huxin.adapters.pdf_pages"


def pages(source: bytes) -> tuple[bytes, ...]:
    """Return the pages as pictures (PNG); refuses with `too-big`, or `picture` for no sound PDF."""
    if len(source) > MAX_BYTES:
        raise RefusalError("too-big", "PDF")
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as drawn:
        given.write(source)
        given.seek(0)
        status = _run(given, drawn)
        if status == _TOO_MANY:
            raise RefusalError("too-big", f"more than {MAX_PAGES} pages")
        if status != 0:
            raise RefusalError("picture", "the PDF cannot be drawn")
        drawn.seek(0)
        return tuple(_unpack(drawn.read(_ROOM)))


def _run(given: IO[bytes], drawn: IO[bytes]) -> int | None:
    """Return the exit status of the drawing process; `None` where it took too long or did not start."""
    # -P: a folder that somebody stands in is no place to take a program from.
    command = [sys.executable, "-P", "-m", _MODULE]
    try:
        return subprocess.run(
            command,
            stdin=given,
            stdout=drawn,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
        ).returncode
    except (subprocess.SubprocessError, OSError):
        return None


def _unpack(drawn: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(drawn):
        length = int.from_bytes(drawn[at : at + 4], "big")
        yield drawn[at + 4 : at + 4 + length]
        at += 4 + length


# ------------------------------------------------------------- from here on: the other process


def _limit() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # not every system can limit
        import resource

        for what, most in (
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_CPU, _SECONDS),
            (resource.RLIMIT_FSIZE, _ROOM),
            (resource.RLIMIT_AS, _MEMORY),
        ):
            resource.setrlimit(what, (most, most))


def _draw(source: bytes) -> Iterator[bytes]:
    import pypdfium2

    document = pypdfium2.PdfDocument(source)
    if len(document) > MAX_PAGES:
        sys.exit(_TOO_MANY)
    for page in document:
        width, height = page.get_size()
        scale = min(_DOTS, math.sqrt(_PIXELS / max(1.0, width * height)))
        picture = io.BytesIO()
        page.render(scale=scale, grayscale=True).to_pil().save(picture, "PNG", compress_level=1)
        yield picture.getvalue()


def _main() -> None:
    _limit()
    # Not `sys.stdout.buffer`: where Python runs unbuffered, that one may write a part and say so.
    with os.fdopen(sys.stdout.fileno(), "wb", closefd=False) as drawn:
        for picture in _draw(sys.stdin.buffer.read()):
            drawn.write(len(picture).to_bytes(4, "big") + picture)


if __name__ == "__main__":
    _main()
