"""Pictures of our own cards, as cameras take them: at least 97 of 100 are read.

The grid is fixed: pixels a module, blur, tilt, noise, JPEG quality and contrast.  Every corner of it,
each combination of the easiest and the hardest, is there; the rest is filled by chance, whose
seed is printed.  A module's pixels are counted face on; tilting makes it smaller still.
"""

from __future__ import annotations

import itertools
import random
from typing import Any, Final

from huxin.kernel.errors import RefusalError
from huxin.packs.reader import pack_ids
from huxin.trust import qr
from tests.conftest import SIZE
from tests.lib.demo_cards import demo_cards
from tests.lib.photographs import Conditions, photograph

PICTURES: Final = 40 if SIZE == "quick" else 200
READ: Final = 0.97

_MODULES: Final = (3, 4, 6)
_BLURS: Final = (0, 0.6, 1.2)
_TILTS: Final = (0, 8, 17, 25)
_NOISES: Final = (0, 5, 10)
_QUALITIES: Final = (40, 70, 95)
_CONTRASTS: Final = (100, 180, 255)
_TURNS: Final = ("spin", "upright", "lying", "askew")
_GRID: Final[tuple[tuple[Any, ...], ...]] = (
    _MODULES,
    _BLURS,
    _TILTS,
    _NOISES,
    _QUALITIES,
    _CONTRASTS,
    _TURNS,
)


def corners() -> list[Conditions]:
    extremes = [(steps[0], steps[-1]) for steps in _GRID[:-1]]
    return [
        Conditions(*[*values, turn])
        for values in itertools.product(*extremes)
        for turn in (_TURNS if values[2] else _TURNS[:1])
    ]


def chosen(chance: random.Random) -> list[Conditions]:
    """Return every corner, or a quarter of them in the quick size, and what chance adds."""
    at_corners = corners() if PICTURES >= 200 else chance.sample(corners(), 28)
    others = PICTURES - len(at_corners)
    return at_corners + [
        Conditions(*(chance.choice(steps) for steps in _GRID)) for _ in range(others)
    ]


def is_read(picture: bytes, text: str) -> bool:
    try:
        return qr.read(picture) == (text,)
    except RefusalError:
        return False


def test_every_corner_of_the_grid_is_there():
    assert len(corners()) == 2**5 * (1 + len(_TURNS))
    hardest = {Conditions(3, 1.2, 25, 10, 40, 100, turn) for turn in _TURNS}
    assert hardest <= set(corners())


def test_photographs_of_our_cards_are_read():
    # pytest-randomly has set the global generator, from the seed in the head of the report.
    seed = random.getrandbits(32)
    print(f"pictures: seed {seed}")
    chance = random.Random(seed)
    texts = [card.credential.text for name in pack_ids() for card in demo_cards(name)]
    grids = {text: qr.modules(text) for text in texts}
    missed = []
    for how in chosen(chance):
        text = chance.choice(texts)
        if not is_read(photograph(grids[text], how, chance), text):
            missed.append(how)
    rate = 1 - len(missed) / PICTURES
    print(f"pictures: {PICTURES}, read {rate:.1%}, missed {missed}")
    assert rate >= READ, f"seed {seed}: {rate:.1%} read, missed {missed}"
