"""Revocation lists of others in one call: of health cards, and batches of hashes of EU certificates.

What a document is stands in it: a batch has a `hashType`, anything else is a list of `rids`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from huxin.trust.status import Several
from huxin.trust.status.card_revocation_list import CardRevocationLists
from huxin.trust.status.hash_list import HashLists

__all__ = ["parse"]


def parse(documents: Iterable[object]) -> Several:
    """Return what all of them say together; refuses with `bad-input` where one breaks its rules."""
    batches: list[object] = []
    lists: list[object] = []
    for one in documents:
        is_batch = isinstance(one, Mapping) and "hashType" in one
        (batches if is_batch else lists).append(one)
    return Several((CardRevocationLists.parse(lists), HashLists.parse(batches)))
