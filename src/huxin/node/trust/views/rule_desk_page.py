"""What the pages of the rule desk show: lists, a judged text, a simulation in numbers, where a draft stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from huxin.node.base.actor import NodeRequest
from huxin.node.trust.queries import rule_desk as queries
from huxin.node.trust.queries import rules
from huxin.node.trust.queries.desk import officer_name
from huxin.node.trust.queries.rule_desk import Judged, Measured
from huxin.node.trust.views import rule_words
from huxin.node.trust.words import DRAFT_ACTIONS
from huxin.packs.reader import Words

if TYPE_CHECKING:
    from huxin.node.trust.models import RuleDraft

__all__ = ["desk", "draft", "judged"]

_STAGES: Final = (
    Words("写", "Write"),
    Words("模拟", "Simulate"),
    Words("送审", "Hand in"),
    Words("公布", "Published"),
    Words("施行", "In force"),
    Words("结束", "Ended"),
)
_UNREAD: Final = Words("还读不了的草稿", "A draft that cannot be read yet")


def desk(request: NodeRequest) -> dict[str, Any]:
    """Return the lists of the desk."""
    by = request.actor.user
    waiting = queries.drafts("waiting")
    others = [one for one in waiting if not one.is_work_of(by)]
    mine = [one for one in waiting if one not in others]
    return {
        "for_me": [_line(one, request) for one in others],
        "waiting": [_line(one, request) for one in mine],
        "drafts": [_line(one, request) for one in queries.drafts("draft")],
        "past": [_line(one, request) for one in queries.drafts("published", "dropped")],
    }


def _line(one: RuleDraft, request: NodeRequest) -> dict[str, Any]:
    return {
        "draft": one,
        "words": _title(one),
        "who": officer_name(one.written_by),
        "state": _state(one, request),
    }


def _title(one: RuleDraft) -> Words:
    found = [rules.purpose_words(purpose, one.pack) for purpose in queries.purposes_of(one.text)]
    if not found:
        return _UNREAD
    return Words("；".join(one.zh for one in found), "; ".join(one.en for one in found))


def _state(one: RuleDraft, request: NodeRequest) -> str:
    """Return the state of a draft, of a published one that of its rules: coming, in-force, ended."""
    if one.state != "published":
        return str(one.state)
    states = {rules.state_of(row, request.now) for row in one.published.all()}
    return next(name for name in ("in-force", "coming", "ended") if name in states)


def judged(found: Judged) -> dict[str, Any]:
    """Return what is against a text, and what it says in words where it can be read."""
    proposal = found.proposal
    return {
        "judged": found,
        "against": rule_words.against(found),
        "rows": rule_words.all_rows(proposal.book.rules) if proposal else [],
        "changes": rule_words.changes(proposal) if proposal else [],
    }


def draft(request: NodeRequest, found: RuleDraft, *, text: str | None = None) -> dict[str, Any]:
    """Return everything that the page of a draft shows; `text` is what was typed and not kept."""
    effects = queries.measured(found)
    state = _state(found, request)
    mine = found.is_work_of(request.actor.user)
    page: dict[str, Any] = {
        "draft": found,
        "state": state,
        "title": _title(found),
        "text": found.text if text is None else text,
        "seen": found.written_at.isoformat(),
        "people": f"{queries.people():,}",
        "rail": _STAGES,
        "stage": _stage(state, simulated=bool(effects)),
        "simulation": [_measured(one, found.pack) for one in effects],
        "running": bool(found.simulation_of) and found.asked < found.to_ask and _is_current(found),
        "decides": found.state == "waiting" and not mine,
        "history": [_entry(one) for one in queries.history(found)],
        "published": list(found.published.order_by("id")),
    }
    if found.state in ("draft", "waiting"):
        page |= judged(queries.judge(page["text"], request.now, effects))
    return page


def _is_current(found: RuleDraft) -> bool:
    return found.simulation_of == queries.digest(found.text)


def _stage(state: str, *, simulated: bool) -> int:
    stages = {"draft": 2 if simulated else 1, "waiting": 3, "coming": 4, "in-force": 5, "ended": 6}
    return stages.get(state, 0)


def _measured(one: Measured, pack: str) -> dict[str, Any]:
    effect = one.effect
    return {
        "at": one.at,
        "words": rules.purpose_words(effect.purpose, pack),
        "total": f"{effect.people:,}",
        "moved": f"{effect.moved:,}",
        "only_admits": effect.only_admits,
        "few": effect.targets_few,
        "moves": rule_words.moves(effect),
        "effect": effect,
    }


def _entry(one: Any) -> dict[str, Any]:
    return {"at": one.at, "words": DRAFT_ACTIONS[one.action], "who": officer_name(one.actor)}
