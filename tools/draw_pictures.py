"""Draw the pictures of the README from real paper: a specimen sheet and a page of ten cards.

Run it after a change of the layouts:  python -m tools.draw_pictures
The people are those of the demo; keys are made on the spot and thrown away, so each run draws other codes.
"""

from __future__ import annotations

import secrets
import sys
import tempfile
from pathlib import Path
from typing import Final

import pypdfium2

from huxin.adapters import clock
from huxin.cli.story_world import World

__all__ = ["main"]

FOLDER: Final = Path(__file__).parents[1] / "docs" / "images"
_SCALE: Final = 110 / 72  # dots of the picture for each of the 72 units in an inch of PDF
_COLOURS: Final = 32


def _draw(paper: Path, picture: Path) -> None:
    # Not `pdf_pages`: that draws in grey, for reading, and this is for looking at.
    with pypdfium2.PdfDocument(paper) as document:
        drawn = document[0].render(scale=_SCALE).to_pil().convert("RGB")
    drawn.quantize(_COLOURS).save(picture, optimize=True)


def main() -> int:
    """Issue, print, draw."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), clock.now(), secrets.token_bytes)
        world.make_key("QW")
        issued = world.issue("QW", "school-entry", encoding="utf-8")
        _draw(issued.file(0, "pdf"), FOLDER / "sheet.png")
        _draw(world.print_page(issued, "QW"), FOLDER / "cards.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
