"""What a field is: personal, sensitive or plain.  Every field of every model of ours says so.

    class Visit(Model):
        privacy = {"reason": SENSITIVE, "booked_at": PLAIN, …}

- personal (who somebody is) and sensitive (what is known of their health) are sealed at rest;
- a token is one-way: the only trace of a sealed value that can be searched for;
- plain says nothing by itself: identifiers made by chance, instants, counts, states.

A test reads all models and fails on a field that is not declared, or not sealed where it must be.
"""

from __future__ import annotations

from typing import Final, Literal

__all__ = ["PERSONAL", "PLAIN", "SENSITIVE", "TOKEN", "Class"]

Class = Literal["personal", "sensitive", "token", "plain"]
PERSONAL: Final[Class] = "personal"
SENSITIVE: Final[Class] = "sensitive"
TOKEN: Final[Class] = "token"  # noqa: S105  # no secret: a class of fields
PLAIN: Final[Class] = "plain"
