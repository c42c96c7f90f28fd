"""`{% load withdrawn %}{% withdrawn card %}`: that a card was withdrawn, and how to disagree.

Shows nothing for a card in force, so that a page need not ask first.
"""

from __future__ import annotations

from typing import Any

from django import template

from huxin.node.trust.models import Card
from huxin.node.trust.queries.withdrawn import withdrawn as found

register = template.Library()


@register.inclusion_tag("trust/_withdrawn.html")
def withdrawn(card: Card, reader: str = "desk") -> dict[str, Any]:
    """Say it to the `holder` or to the `desk`; in ink, never in red."""
    address = "card" if reader == "holder" else "desk-card"
    return {"w": found(card), "card": card, "reader": reader, "address": address}
