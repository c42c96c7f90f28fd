"""Attacks on a trust list: what each serves to a verifier that holds an honest list already, and what it must hear.

Each is a function that gets an honest federation, two hours after the verifier looked, and turns what it publishes
into what the attacker would.  The thief's tools are at hand: `sign` with whatever keys were stolen, `put` for any
bytes, `files` for what a mirror serves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from securesystemslib.signer import CryptoSigner

from tests.lib.federations import Federation

Doing = Callable[[Federation], object]
Plain = dict[str, Any]


@dataclass(frozen=True)
class Attack:
    """What is tried, against a federation of how many regions, and the code it must be refused with."""

    title: str
    code: str
    do: Doing
    size: int = 3


ATTACKS: list[Attack] = []


def attack(title: str, code: str, *, size: int = 3) -> Callable[[Doing], Doing]:
    def note(do: Doing) -> Doing:
        ATTACKS.append(Attack(title, code, do, size))
        return do

    return note


def witnessed(federation: Federation) -> None:
    """Let the witnesses sign whatever stands there: they look at versions only."""
    federation.sign("snapshot")
    federation.sign("timestamp")


def honest(it: Federation, name: str) -> list[CryptoSigner]:
    return [it.named(name, name.partition(" ")[0])]
