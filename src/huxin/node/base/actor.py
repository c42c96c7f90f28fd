"""Who is asking: one frozen value made from the session, and all that permissions look at."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpRequest

from huxin.kernel.errors import RefusalError
from huxin.node.base.permissions import Permission, Role

__all__ = ["NOBODY", "Actor", "NodeRequest", "Staff"]


@dataclass(frozen=True, slots=True)
class Staff:
    """An officer: the account, and the organisation they work for."""

    user: uuid.UUID
    organisation: uuid.UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person or nobody.  `organisation` is where staff roles are held.

    `person` is whose own cards these are; `represents` those they may act for at this instant.
    """

    user: uuid.UUID | None = None
    person: uuid.UUID | None = None
    organisation: uuid.UUID | None = None
    roles: frozenset[Role] = frozenset()
    permissions: frozenset[Permission] = frozenset()
    represents: frozenset[uuid.UUID] = frozenset()

    def may(self, permission: Permission) -> bool:
        """Tell whether a role of theirs allows it."""
        return permission in self.permissions

    def staff(self) -> Staff:
        """Return the officer that they are; refuses with `bad-input` whoever is none."""
        if self.user is None or self.organisation is None:
            raise RefusalError("bad-input", "only staff of an organisation may do this")
        return Staff(self.user, self.organisation)

    def owns(self, person: uuid.UUID | None) -> bool:
        """Tell whether a person's data are their own, or theirs to look after."""
        return person is not None and (person == self.person or person in self.represents)


NOBODY: Final = Actor()


class NodeRequest(HttpRequest):
    """A request as our views see it: the instant it came, and who is asking."""

    now: datetime
    actor: Actor
