"""Rules handed in at the rule desk from the command line of the node's own computer.

Not a way round the second officer: what is filed waits at the desk in the name of the officer who was given, and
another one publishes it or sends it back there.

- the steps are the desk's own, with all that they ask: linter, simulation on everybody, hand-in;
- what the linter refuses is not filed; what only its simulation speaks against stays at the desk as a draft;
- the same text, filed again while it waits, is found and not filed twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from huxin.adapters import clock, node_folder
from huxin.kernel.errors import RefusalError
from huxin.node.project import operate
from huxin.node.project.trouble import told
from huxin.trust.rules.lint import RuleFault
from huxin.trust.rules.simulate import Effect

if TYPE_CHECKING:
    from huxin.node.base.actor import Actor
    from huxin.node.trust.models import RuleDraft

__all__ = ["Filed", "at_desk", "file_rules"]


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of a text: the page of its draft (empty: not filed), what is against it, what its simulation showed."""

    page: str = ""
    waiting: bool = False
    faults: tuple[RuleFault, ...] = ()
    effects: tuple[Effect, ...] = ()


@told()
def file_rules(
    folder: Path, text: str, officer: str, *, going: Callable[[int, int], None] = lambda *_: None
) -> Filed:
    """File a text as the officer of that name; `going` hears how many answers of how many were asked for.

    Refuses with `missing` where there is no such officer, as the rule desk does for the text, and with `state`
    where something else was published meanwhile.
    """
    operate.start(folder)
    found = at_desk(text, officer, now=clock.now(), going=going)
    origin = node_folder.read(folder).origin.rstrip("/")
    return Filed(
        origin + found.page if found.page else "", found.waiting, found.faults, found.effects
    )


def at_desk(
    text: str,
    officer: str,
    *,
    now: datetime,
    people: int | None = None,
    going: Callable[[int, int], None] = lambda *_: None,
) -> Filed:
    """File a text at the desk of the node that was started; see `file_rules`."""
    from huxin.node.trust.actions import rule_desk, rule_simulation
    from huxin.node.trust.queries import rule_desk as queries

    by = _officer(officer, now)
    judged = queries.judge(text, now)
    if judged.refusal is not None:
        raise RefusalError(judged.refusal.code, judged.refusal.detail)
    if not judged.can_be_simulated:
        return Filed(faults=judged.faults)
    known = [one for one in queries.drafts("draft", "waiting") if one.text == text]
    if known and known[0].state == "waiting":
        return _as_it_stands(known[0])
    draft = known[0] if known else rule_desk.begin(
        text, pack="", request=uuid.uuid4(), by=by, now=now
    )  # fmt: skip
    rule_simulation.start(
        draft.id, people=rule_simulation.PEOPLE if people is None else people, by=by, now=now
    )
    _go_on(draft, going)
    judged = queries.judge_draft(draft, now)
    if judged.in_order:
        draft = rule_desk.hand_in(draft.id, seen=draft.written_at, by=by, now=now)
    return _as_it_stands(draft, judged.faults)


def _as_it_stands(draft: RuleDraft, faults: tuple[RuleFault, ...] = ()) -> Filed:
    from django.urls import reverse

    from huxin.node.trust.queries import rule_desk as queries

    effects = tuple([one.effect for one in queries.measured(draft)])
    return Filed(reverse("rule-draft", args=[draft.id]), draft.state == "waiting", faults, effects)


def _officer(name: str, now: datetime) -> Actor:
    from huxin.node.base import accounts, sessions
    from huxin.node.base.permissions import Permission

    for user in accounts.listing():
        if user.username == name and user.is_active:
            by = sessions.actor_of_user(user, now)
            if by.may(Permission.RULES):
                return by
    raise RefusalError("missing", f"no rule officer {name}")


def _go_on(draft: RuleDraft, going: Callable[[int, int], None]) -> None:
    """Ask everybody here and now; a worker of the node that does the same meanwhile does no harm."""
    from huxin.node.trust.actions import rule_simulation
    from huxin.node.trust.queries import rule_desk as queries

    draft.refresh_from_db()
    while draft.asked < draft.to_ask:
        going(draft.asked, draft.to_ask)
        rule_simulation.go_on.call(str(draft.id), draft.simulation_of)
        draft.refresh_from_db()
        if draft.simulation_of != queries.digest(draft.text):
            raise RefusalError("state", "the draft or the published rules changed meanwhile")
    going(draft.to_ask, draft.to_ask)
