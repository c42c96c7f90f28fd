"""What a stranger holds out at a door: cards of several regions, whole, changed or ended.

text = shown_card("林㑇")                   signed by 苇洲, whose key the node of the browser tests has
shown_card("林㑇", region="QX")             signed by 云渡, whom that node does not know
picture(text)                              as PNG; `blurred()` is a photograph of nothing much
film(text) · film_of(picture)              as a camera sees it: a file for Chromium's camera
seen(photograph, frames)                   the same of a picture that a camera took, as large as it is

The camera of these tests is a file that Chromium opens anew each time the camera is started.
"""

import io
import secrets
from datetime import datetime, timedelta

from PIL import Image, ImageFilter

from huxin.adapters import practice
from huxin.adapters.cards import Card, Wish, new_identifier, sign_card
from huxin.packs import reader
from huxin.packs.entries import Entry, read_entry
from huxin.trust import qr
from tests.lib.regions import Region

VIEW = (1280, 720)  # what the camera sees; Chromium plays it again and again
_FRAMES = 3


def shown_card(name: str, *, region: str = "QW", days_ago: int = 0, now: datetime) -> str:
    """The text of a card of a child born in 2020; one that is 400 days old has ended."""
    at = now - timedelta(days=days_ago)
    cells = {
        "name": name, "birth": "2020-03-18", "vaccine": "mmr", "dose": "2",
        "date": (at.date() - timedelta(days=30)).isoformat(),
    }  # fmt: skip
    entry = read_entry(reader.pack("school-entry"), cells, today=at.date())
    assert isinstance(entry, Entry), entry
    return _signed(entry, region, at).credential.text


def changed_card(name: str, *, now: datetime) -> str:
    """A card of 苇洲 with another year of birth under the signature of the first."""
    cells = {
        "name": name,
        "birth": "2020-03-18",
        "vaccine": "mmr",
        "dose": "2",
        "date": "2025-03-20",
    }
    entry = read_entry(reader.pack("school-entry"), cells, today=now.date())
    assert isinstance(entry, Entry), entry
    return practice.changed_text(_signed(entry, "QW", now).credential)


def _signed(entry: Entry, region: str, at: datetime) -> Card:
    # The keys of `node_folders`, by which the nodes of tests know each other.
    signer = Region(region, int.from_bytes(region.encode() * 16), environment="test")
    return sign_card(
        entry, signer, Wish(), identifier=new_identifier(region, secrets.token_bytes), now=at
    )


def picture(text: str) -> bytes:
    return qr.png(text, scale=6)


def blurred(text: str) -> bytes:
    """A photograph in which there was a code."""
    code = Image.open(io.BytesIO(picture(text))).convert("L")
    return _jpeg(code.filter(ImageFilter.GaussianBlur(20)))


def film(text: str | None, frames: int = _FRAMES) -> bytes:
    """What a camera sees, as MJPEG: a code in its middle, or a grey wall."""
    if text is None:
        return _jpeg(_wall()) * frames
    return film_of(picture(text), frames)


def film_of(photograph: bytes, frames: int = _FRAMES) -> bytes:
    """A picture, as large as fits, before the camera."""
    view = _wall()
    seen = Image.open(io.BytesIO(photograph)).convert("L")
    side = VIEW[1] - 80
    seen = seen.resize((side, side), Image.Resampling.LANCZOS)
    view.paste(seen, ((VIEW[0] - side) // 2, (VIEW[1] - side) // 2))
    return _jpeg(view) * frames


def seen(photograph: bytes, frames: int) -> bytes:
    """A picture of the grid before the camera, as large as it is; its margin may be cut off."""
    view = _wall()
    shot = Image.open(io.BytesIO(photograph)).convert("L")
    view.paste(shot, ((VIEW[0] - shot.width) // 2, (VIEW[1] - shot.height) // 2))
    return _jpeg(view) * frames


def _wall() -> Image.Image:
    return Image.new("L", VIEW, 190)


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    # Chromium's camera takes colour with halved colour resolution and nothing else.
    image.convert("RGB").save(out, "JPEG", quality=90, subsampling="4:2:0")
    return out.getvalue()
