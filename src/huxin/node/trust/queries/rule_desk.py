"""The rule desk as it is read: drafts, what is against each, what its simulation showed, what became of it."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings

from huxin.kernel import strict_json
from huxin.kernel.errors import Refusal, RefusalError
from huxin.node.base.models import AuditEntry
from huxin.node.trust.models import PublishedRule, RuleDraft
from huxin.node.trust.queries.rules import standing
from huxin.packs import reader
from huxin.trust.rules.adopt import documents
from huxin.trust.rules.lint import NOTICE, RuleFault
from huxin.trust.rules.proposal import Proposal, few, read_proposal
from huxin.trust.rules.simulate import Effect, effect_of

__all__ = [
    "MOST_LETTERS",
    "PEOPLE",
    "Judged",
    "Measured",
    "digest",
    "draft",
    "drafts",
    "history",
    "judge",
    "judge_draft",
    "measured",
    "of_pack",
    "people",
    "purposes_of",
    "read",
    "relaxes",
]

MOST_LETTERS: Final = 200_000
_MOST_LISTED: Final = 100


PEOPLE: Final = 100_000
_FEW: Final = 5_000  # on a node for tests, where nobody is to wait


@dataclass(frozen=True, slots=True)
class Measured:
    """What a simulation found at one instant."""

    at: datetime
    effect: Effect


@dataclass(frozen=True, slots=True)
class Judged:
    """What is against a text: it cannot be read (`refusal`), or the linter's faults; nothing: it is in order.

    There is a proposal or a refusal, never both.
    """

    proposal: Proposal | None
    refusal: Refusal | None = None
    faults: tuple[RuleFault, ...] = ()

    @property
    def in_order(self) -> bool:
        """Whether nothing is against it."""
        return self.refusal is None and not self.faults

    @property
    def can_be_simulated(self) -> bool:
        """Whether a simulation makes sense: only short notice may be against it, which a simulation can excuse."""
        codes = {one.fault.code for one in self.faults}
        return self.refusal is None and codes <= {"lint-notice", "lint-target"}


def read(text: str, now: datetime) -> Proposal:
    """Read a text as a proposal of this region, dated `now`; refuses as `read_proposal` does."""
    if len(text) > MOST_LETTERS:
        raise RefusalError("rule-shape", f"more than {MOST_LETTERS} letters")
    content = strict_json.parse(text.encode("utf-8", "surrogatepass"), code="rule-shape")
    return read_proposal(content, standing=standing(), region=settings.HUXIN.region, now=now)


def of_pack(pack: str, *, valid_from: datetime, valid_until: datetime, now: datetime) -> Proposal:
    """Return the rules of a pack as a proposal of this region."""
    region = settings.HUXIN.region
    made = documents(
        pack, region=region, published=now, valid_from=valid_from, valid_until=valid_until
    )
    sets = {name: list(codes) for name, codes in reader.templates(pack).value_sets.items()}
    content = {"rules": made, "valueSets": sets}
    return read_proposal(content, standing=standing(), region=region, now=now)


def judge(text: str, now: datetime, found: Iterable[Measured] = ()) -> Judged:
    """Say what is against publishing a text at `now`, with what its simulation found, if it had one."""
    found = tuple(found)
    try:
        proposal = read(text, now)
        faults = proposal.faults(now=now, relaxes=relaxes(proposal, found, now))
    except RefusalError as error:
        return Judged(None, error.refusal)
    return Judged(proposal, faults=(*faults, *few(one.effect for one in found)))


def relaxes(proposal: Proposal, found: tuple[Measured, ...], now: datetime) -> frozenset[str]:
    """Return the rules that need no notice: all, where a simulation showed that nobody loses anything so soon."""
    soon = [one.effect for one in found if one.at - now < NOTICE]
    if not found or not all(effect.only_admits for effect in soon):
        return frozenset()
    return frozenset(rule.id for rule in proposal.book.rules)


def judge_draft(found: RuleDraft, now: datetime) -> Judged:
    """Say what is against a draft as it stands."""
    return judge(found.text, now, measured(found))


def people() -> int:
    """Return how many invented people a draft is simulated on at this node."""
    return _FEW if settings.HUXIN.environment == "test" else PEOPLE


def digest(text: str) -> str:
    """Return what a simulation is about: the text, and everything that was published when it was made."""
    sealed = hashlib.sha256(text.encode("utf-8", "surrogatepass"))
    for key in PublishedRule.objects.order_by("id").values_list("id", flat=True):
        sealed.update(key.bytes)
    return sealed.hexdigest()


def measured(found: RuleDraft) -> tuple[Measured, ...]:
    """Return what the simulation of a draft found; nothing where it is not finished or about another text."""
    if (
        not found.simulation_of
        or found.asked < found.to_ask
        or found.simulation_of != digest(found.text)
    ):
        return ()
    return tuple(
        Measured(datetime.fromisoformat(one["at"]), effect_of(one)) for one in found.effects
    )


def purposes_of(text: str) -> list[str]:
    """Return the purposes that a text names, each once, in order; nothing where it is no JSON."""
    try:
        content = strict_json.parse(text.encode("utf-8", "surrogatepass"), code="rule-shape")
    except RefusalError:
        return []
    rows = content.get("rules", [content]) if isinstance(content, dict) else content
    named = (
        [one.get("purpose") for one in rows if isinstance(one, dict)]
        if isinstance(rows, list)
        else []
    )
    return list(dict.fromkeys(one for one in named if isinstance(one, str)))


def draft(key: uuid.UUID) -> RuleDraft | None:
    """Return a draft, or nothing."""
    return RuleDraft.objects.filter(id=key).first()


def drafts(*states: str) -> list[RuleDraft]:
    """Return the drafts of these states, the one that was touched last first."""
    return list(RuleDraft.objects.filter(state__in=states).order_by("-written_at")[:_MOST_LISTED])


def history(found: RuleDraft) -> list[AuditEntry]:
    """Return what happened to a draft and the rules that came of it, the first first."""
    names = [f"{found._meta.label_lower}:{found.id}"]
    names += [f"{one._meta.label_lower}:{one.id}" for one in found.published.all()]
    return list(AuditEntry.objects.filter(object__in=names).order_by("at", "id")[:_MOST_LISTED])
