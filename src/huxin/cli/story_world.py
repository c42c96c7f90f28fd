"""The world of the story: three invented regions, their keys of the day, people and lists.

Everything is made on the spot and labelled test; nothing of it is believed elsewhere.  The parts
are the ones that everybody uses: key files, lists, batches, paper, trust files.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from huxin.adapters import batch, key_file, output, pdf_pages, tables, trust_file
from huxin.adapters.batch import Job
from huxin.adapters.cards import Card, Wish
from huxin.adapters.key_description import KeyDescription
from huxin.adapters.key_file import KeyFileSigner
from huxin.adapters.paper import picture, press
from huxin.adapters.paper.face import Region
from huxin.adapters.practice import changed_text
from huxin.kernel.crypto import PrivateKey
from huxin.packs import reader
from huxin.packs.reader import Words
from huxin.trust import reading
from huxin.trust.verdict import Verdict
from huxin.trust.verify import Basis, verify

__all__ = ["PASSPHRASE", "REGIONS", "Issued", "World"]

# Told to everybody who runs the story: its keys are labelled test and believed nowhere.
PASSPHRASE: Final = "huxin demo 样张"  # noqa: S105

REGIONS: Final = {
    "QV": Region("QV", Words("灯湾", "Lantern Bay")),
    "QW": Region("QW", Words("苇洲", "Reed Isles")),
    "QX": Region("QX", Words("云渡", "Cloud Ferry")),
}
_KEY_DAYS: Final = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Issued:
    """What one region issued for one pack: the list, the cards and where they are."""

    folder: Path
    list_file: Path
    cards: tuple[tuple[int, Card], ...]

    def file(self, number: int, ending: str) -> Path:
        """Return the file of the card with this number in the list (from 0)."""
        line, card = self.cards[number]
        return self.folder / f"{line:05d}-{card.identifier}.{ending}"


class World:
    """Three regions at one instant, and a folder that all of it is written to."""

    def __init__(self, folder: Path, now: datetime, chance: batch.Chance) -> None:
        self.folder = folder
        self.now = now
        self._chance = chance
        self._signers: dict[str, KeyFileSigner] = {}
        self.on_paper = press.is_installed()

    def make_key(self, region: str) -> Path:
        """Make a region's signing key, lock it in a file, and open it from there."""
        key = PrivateKey.generate()
        start = self.now.replace(second=0, microsecond=0)
        about = KeyDescription(
            region, "test", ("huxin", "icvp"), start, start + _KEY_DAYS, key.public
        )
        path = self.folder / "keys" / f"{region}.key"
        path.parent.mkdir(exist_ok=True)
        key_file.write(path, about, key, PASSPHRASE)
        self._signers[region] = key_file.read(path).unlock(PASSPHRASE)
        return path

    def write_trust(self, region: str, trusted: Sequence[str]) -> Path:
        """Write the list of keys that a region's checkers believe."""
        entries = [trust_file.entry_of(self._signers[one].description) for one in trusted]
        path = self.folder / f"trust-{region}.json"
        output.write_new(path, trust_file.write(entries).encode("utf-8"))
        return path

    def issue(self, region: str, pack_name: str, *, encoding: str) -> Issued:
        """Issue the cards of a region's demo people for a pack, from a list as people have it."""
        pack = reader.pack(pack_name)
        people = reader.demo_people(pack_name, self.now.date())
        rows = [one.row for one in people if one.region == region]
        heads = [column for column in pack.columns if any(column.id in row for row in rows)]
        text = io.StringIO()
        table = csv.writer(text)
        table.writerow(column.head.zh for column in heads)
        table.writerows([row.get(column.id, "") for column in heads] for row in rows)
        name = f"{pack_name}-{region}"
        data = text.getvalue().encode(encoding)
        list_file = self.folder / f"{name}.csv"
        output.write_new(list_file, data)
        today = (self.now + timedelta(hours=14)).date()
        found = tables.read_list(data, pack, today=today)
        formats: tuple[batch.FileFormat, ...] = (
            ("txt", "png", "pdf") if self.on_paper else ("txt", "png")
        )
        outcome = batch.issue_into_folder(
            found.entries, self._job(region), self.folder / name, formats, settings="story"
        )
        return Issued(self.folder / name, list_file, outcome.cards)

    def _job(self, region: str) -> Job:
        signer = self._signers[region]
        return Job(
            signer=signer,
            wish=Wish(keys_end=signer.description.valid_until),
            region=REGIONS[region],
            layout="sheet",
            now=self.now,
            chance=self._chance,
            on_paper=self.on_paper,
        )

    def print_page(self, issued: Issued, region: str) -> Path:
        """Print all cards of a list, ten on a page."""
        path = self.folder / f"{issued.folder.name}-cards.pdf"
        cards = [card for _, card in issued.cards]
        made = press.print_cards(cards, layout="cards", region=REGIONS[region], now=self.now)
        output.write_new(path, made)
        return path

    def change(self, issued: Issued, number: int) -> Path:
        """Draw a card with one digit of the birth year changed and packed again, as a forger would."""
        _, card = issued.cards[number]
        path = self.folder / "changed.png"
        output.write_new(path, picture.png_of(changed_text(card.credential), specimen=True))
        return path

    def check(
        self, path: Path, trust: Path, *, at: datetime | None = None, environment: str = "test"
    ) -> tuple[Verdict, ...]:
        """Judge each card in a picture or PDF by a region's trust file, as at `at` or now."""
        basis = Basis(trust_file.read(trust).store(environment))
        readings = reading.open(path.read_bytes(), pages=pdf_pages.pages)
        return tuple(verify([one], basis, now=at or self.now) for one in readings)
