"""What the tour hands out: practice cards of a child (with a changed twin), a guest and four people from afar, a list
of people, and yesterday's list of keys.

Files in the demo's folder, made when the node of 苇洲 is new, served by the tour.  The cards from afar (`from_afar`)
are there as text before; the list of keys is laid there whenever the demo starts.
"""

from __future__ import annotations

from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Final

from huxin.adapters import spreadsheet
from huxin.adapters.paper import picture
from huxin.adapters.practice import changed_text
from huxin.node.home.demo import names
from huxin.trust import reading

__all__ = ["FILES", "write"]

# What the tour serves, and as what: a closed list, so that no path is ever taken from an address.
FILES: Final = {
    "genuine.png": "image/png",
    "genuine.txt": "text/plain; charset=utf-8",
    "changed.png": "image/png",
    "changed.txt": "text/plain; charset=utf-8",
    "guest.png": "image/png",
    "guest.txt": "text/plain; charset=utf-8",
    "pine-cape.png": "image/png",
    "pine-cape.txt": "text/plain; charset=utf-8",
    "cloud-ferry.png": "image/png",
    "cloud-ferry.txt": "text/plain; charset=utf-8",
    "health-card.png": "image/png",
    "health-card.txt": "text/plain; charset=utf-8",
    "eu-certificate.png": "image/png",
    "eu-certificate.txt": "text/plain; charset=utf-8",
    "yesterday.bundle": "application/octet-stream",
    "people.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_PEOPLE: Final = 24
_KNOWN: Final = 2


def write(folder: Path, child: str, guest: str, *, today: date) -> None:
    """Write all files; `child` and `guest` are what the codes of two practice cards hold, others lie there as text."""
    folder.mkdir(exist_ok=True)
    (opened,) = reading.open(child)
    assert opened.credential is not None
    cards = {"genuine": child, "changed": changed_text(opened.credential), "guest": guest}
    for name, words in cards.items():
        (folder / f"{name}.txt").write_text(words, "utf-8")
    for path in folder.glob("*.txt"):
        words = path.read_text("utf-8")
        path.with_suffix(".png").write_bytes(picture.png_of(words, specimen=True))
    (folder / "people.xlsx").write_bytes(spreadsheet.workbook(_rows(today)))


def _rows(today: date) -> list[list[str]]:
    """A list as people have it: dates with slashes, a year alone, one line that cannot be right.

    Two of the names are registered at 苇洲 already, so that the clerk is asked who is meant.
    """
    rows = [["姓名", "拼音", "出生日期", "监护人"]]
    known = islice(names.invented("QW"), _KNOWN)
    people = islice(
        chain(islice(names.newcomers(), 3), known, islice(names.newcomers(), 3, None)), _PEOPLE
    )
    for number, (name, latin) in enumerate(people):
        born = f"{today.year - 5}/{1 + number % 12}/{1 + number}"
        rows.append([name, latin, str(today.year - 6) if number == 7 else born, ""])
    rows.append(["苏半山", "SU BANSHAN", f"{today.year - 5}-02-30", ""])
    return rows
