"""Bytes of a withdrawal list over its entropy: our two forms, and those of others, of the same places.

Ten million cards are issued, a million in each of ten lists of 2^20 places, drawn by chance; a share of
them is withdrawn, by chance as well.  The draws have a seed, so a run gives the same bytes every time.
The entropy is what the choice of the withdrawn among the issued is worth: log2 of the number of such
choices.  Nobody can be below it who is exact; the Bloom filter can, since it is not.

The hashes of the EU stand as its gateway hands them out: JSON, in batches of a thousand, before the
signature.  Roaring is written by pyroaring in the peers' environment.
"""

import base64
import json
import math
import random
import subprocess
from collections import Counter
from pathlib import Path

from bench import install_peers
from huxin.trust.status import rice, token_list
from huxin.trust.status.elias_fano import EliasFano
from huxin.trust.status.index_set import MIN_BITS, IndexSet

HERE = Path(__file__).resolve().parent
SHARES = {"status-0.1": 0.001, "status-2": 0.02}
LISTS = 10
ISSUED = 1_000_000  # in each list
SEED = 20_261_128
BATCH = 1_000
FALSE_POSITIVES = 1e-6


def figures(*, with_roaring: bool) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """Return bytes over entropy by row: ours, and those of the others."""
    own: dict[str, float] = {}
    others: dict[str, dict[str, float]] = {}
    for name, share in SHARES.items():
        lists = withdrawn(share)
        count = sum(map(len, lists))
        least = entropy(LISTS * ISSUED, count)
        own[f"{name}-rice"] = sum(len(rice.encode(one)) for one in lists) / least
        own[f"{name}-asking"] = sum(EliasFano(one).size for one in lists) / least
        sizes = {
            "Token Status List": sum(len(token_list.encode(one)) for one in lists),
            "EU hashes": hash_bytes(count),
            f"Bloom at {FALSE_POSITIVES:.0e}": bloom_bytes(count),
        }
        if with_roaring:
            sizes["roaring"] = roaring_bytes(lists)
        others[f"{name}-rice"] = {peer: size / least for peer, size in sizes.items()}
    return own, others


def withdrawn(share: float) -> list[IndexSet]:
    """Return the ten lists with so many of all cards withdrawn.

    Where issued places are drawn by chance, so are the withdrawn among them: they need not be drawn twice.
    """
    chance = random.Random(SEED)
    cards = chance.sample(range(LISTS * ISSUED), round(LISTS * ISSUED * share))
    in_list = Counter(card // ISSUED for card in cards)
    places = range(1 << MIN_BITS)
    return [IndexSet.of(chance.sample(places, in_list[number])) for number in range(LISTS)]


def entropy(issued: int, count: int) -> float:
    """Return log2 of the ways to choose `count` of `issued`, in bytes."""
    ways = math.lgamma(issued + 1) - math.lgamma(count + 1) - math.lgamma(issued - count + 1)
    return ways / math.log(2) / 8


def hash_bytes(count: int) -> int:
    """Return the bytes of so many hashes of 16 bytes in batches of the EU's gateway."""
    chance = random.Random(SEED)
    written = 0
    for begin in range(0, count, BATCH):
        batch = {
            "country": "QW",
            "expires": "2027-11-28T00:00:00Z",
            "kid": base64.b64encode(bytes(8)).decode("ascii"),
            "hashType": "UCI",
            "entries": [
                {"hash": base64.b64encode(chance.randbytes(16)).decode("ascii")}
                for _ in range(min(BATCH, count - begin))
            ],
        }
        written += len(json.dumps(batch, separators=(",", ":")))
    return written


def bloom_bytes(count: int) -> int:
    """Return the bytes of the best Bloom filter: -count · ln(rate) / ln(2)² bits."""
    return math.ceil(-count * math.log(FALSE_POSITIVES) / math.log(2) ** 2 / 8)


def roaring_bytes(lists: list[IndexSet]) -> int:
    """Return the bytes that pyroaring writes for the same lists, at its smallest."""
    done = subprocess.run(
        [install_peers.install(), HERE / "write_with_roaring.py"],
        input=json.dumps([one.indices for one in lists]),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return int(done.stdout)
