"""Recalls at the desk: say what is meant, look at how many that is, have a colleague agree, see what became of them.

One page for both officers: each sees the same counts and the same words for the holders, and only the step that
is theirs.  While a job is at work the page follows it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from huxin.kernel.errors import RefusalError
from huxin.node.base import drafts
from huxin.node.base.access import allow, fresh
from huxin.node.base.actor import NodeRequest
from huxin.node.base.permissions import Permission
from huxin.node.base.words import says
from huxin.node.trust.actions import recalls as actions
from huxin.node.trust.forms.desk import new_request
from huxin.node.trust.forms.desk_words import refusal_words
from huxin.node.trust.forms.recalls import BatchForm, KeyForm, WhyForm
from huxin.node.trust.queries import recalls as queries
from huxin.node.trust.queries.desk import officer_name
from huxin.node.trust.views.desk_door import staffed, today
from huxin.node.trust.words import REASON_WORDS, RECALL_ACTIONS
from huxin.packs import reader
from huxin.packs.reader import Words

if TYPE_CHECKING:
    from huxin.node.trust.models import Recall

__all__ = ["recall_new", "recall_page", "recall_step", "recalls"]

_STATES: Final = {
    "gathering": Words("在找卡", "Cards are looked for"),
    "ready": Words("还没送审", "Not handed in yet"),
    "waiting": Words("等同事看", "A colleague looks at it"),
    "running": Words("在做", "Being done"),
    "done": Words("做完了", "Done"),
    "declined": Words("同事没有同意", "Declined"),
    "dropped": Words("放弃了", "Dropped"),
}
_KINDS: Final = ("batch-recalled", "key-lost")
_IN_FORCE: Final = Words(
    "节点现在还用这把密钥签发，没有做。请运维先换新密钥并重启节点。",
    "The node still signs with this key; nothing was done. Have the operator put the new key in place and restart the node.",
)
_STEPS: Final[dict[str, tuple[Callable[..., object], str, str]]] = {
    "ask": (actions.ask, "已送给同事看。同意之前什么都不变。", "A colleague is asked to look. Nothing changes until one agrees."),
    "drop": (actions.drop, "已放弃，什么都没变。", "Dropped; nothing was changed."),
    "agree": (actions.agree, "已同意，开始做。", "Agreed; it begins."),
    "resume": (actions.resume, "接着做。", "It goes on."),
}  # fmt: skip


@allow(Permission.REVOKE)
@require_GET
@staffed
def recalls(request: NodeRequest) -> HttpResponse:
    """List this organisation's recalls: those that wait for this officer first."""
    found = queries.recalls_here(by=request.actor)
    cards = queries.counted(found)
    lines = [_line(one, cards.get(one.id, 0)) for one in found]
    mine = request.actor.user
    for_me = [one for one in lines if one["state"] == "waiting" and one["recall"].asked_by != mine]
    shown = {"for_me": for_me, "others": [one for one in lines if one not in for_me]}
    return render(request, "trust/recalls/recalls.html", shown)


def _line(recall: Recall, cards: int) -> dict[str, Any]:
    return {
        "recall": recall,
        "title": _title(recall),
        "who": officer_name(recall.asked_by),
        "state": recall.state,
        "said": _STATES[recall.state],
        "cards": cards,
    }


def _title(recall: Recall) -> Words:
    if recall.reason == "key-lost":
        return Words(f"密钥丢失：{recall.kid}", f"Key lost: {recall.kid}")
    return Words(f"批号召回：{recall.batch}", f"Batch recalled: {recall.batch}")


@fresh
@allow(Permission.REVOKE)
@require_http_methods(["GET", "HEAD", "POST"])
@staffed
def recall_new(request: NodeRequest) -> HttpResponse:
    """Ask which batch or which key, and have its cards looked for; nothing is withdrawn by that."""
    kept = drafts.kept(request.actor.user, request.path)
    wanted = request.POST.get("reason") or request.GET.get("reason") or kept.get("reason", "")
    reason = wanted if wanted in _KINDS else _KINDS[0]
    form = _form(request, reason, kept if kept.get("reason") == reason else {})
    if not (form.is_bound and form.is_valid()):
        return _new_page(request, form, reason, status=422 if form.is_bound else 200)
    try:
        made = actions.begin(form.meant(), by=request.actor, now=request.now)
    except RefusalError as error:
        _say(request, error)
        return _new_page(request, form, reason, status=409)
    drafts.forget(request.actor.user, request.path)
    return redirect("recall", recall=made.id)


def _form(request: NodeRequest, reason: str, kept: dict[str, Any]) -> BatchForm | KeyForm:
    if request.method == "POST":
        return _of(request, reason, request.POST)
    if not kept:
        return _of(request, reason, None, initial={"request": new_request()})
    typed = _of(request, reason, kept)
    return _of(request, reason, None, initial={name: typed[name].data for name in typed.fields})


def _of(request: NodeRequest, reason: str, sent: Any, **more: Any) -> BatchForm | KeyForm:
    if reason == "batch-recalled":
        return BatchForm(sent, **more)
    return KeyForm(sent, keys=queries.keys_here(by=request.actor, today=today(request)), **more)


def _new_page(
    request: NodeRequest, form: BatchForm | KeyForm, reason: str, *, status: int
) -> HttpResponse:
    shown = {
        "form": form,
        "reason": reason,
        "kinds": [(one, REASON_WORDS[one]) for one in _KINDS],
        "no_key": isinstance(form, KeyForm) and not form.fields["kid"].choices,  # type: ignore[attr-defined]  # a ChoiceField
    }
    return render(request, "trust/recalls/new.html", shown, status=status)


@allow(Permission.REVOKE)
@require_GET
@staffed
def recall_page(request: NodeRequest, recall: uuid.UUID) -> HttpResponse:
    """Show what is meant, what comes next, and what became of it."""
    return _page(request, _found(request, recall))


def _found(request: NodeRequest, recall: uuid.UUID) -> Recall:
    found = queries.recall_here(recall, by=request.actor)
    if found is None:
        raise Http404
    return found


def _page(
    request: NodeRequest, recall: Recall, *, why: WhyForm | None = None, status: int = 200
) -> HttpResponse:
    mine = recall.asked_by == request.actor.user
    kept = drafts.kept(request.actor.user, reverse("recall-step", args=[recall.id]))
    at_work = recall.state in ("gathering", "running")
    still = bool(recall.fault) or recall.moved_at <= request.now - actions.STALE
    shown: dict[str, Any] = {
        **_line(recall, 0),
        "meant": _meant(recall),
        "mine": mine,
        "decides": recall.state == "waiting" and not mine,
        "follow": at_work and not still,
        "still": at_work and still,
        "why": why or WhyForm(initial=kept),
        "history": [_entry(one) for one in queries.history(recall)],
    }
    if recall.state not in ("gathering", "running", "done"):
        shown |= _preview(request, recall)
    if recall.state in ("running", "done"):
        shown |= _result(recall)
    if recall.state == "done":
        shown |= _unread(request, recall)
    return render(request, "trust/recalls/recall.html", shown, status=status)


def _meant(recall: Recall) -> list[tuple[Words, Any]]:
    rows: list[tuple[Words, Any]] = [(Words("原因", "Reason"), REASON_WORDS[recall.reason])]
    if recall.pack in reader.pack_ids():
        pack = reader.pack(recall.pack)
        choices = {one.id: one.words for one in pack.column(pack.choice).choices}
        rows.append((Words("卡", "Card"), pack.short))
        if recall.choice in choices:
            rows.append((pack.column(pack.choice).head, choices[recall.choice]))
    rows += [
        (Words("批号", "Batch number"), recall.batch),
        (Words("密钥", "Key"), recall.kid),
        (Words("从这天签发的", "Issued from"), recall.first_day and recall.first_day.isoformat()),
        (Words("到这天签发的", "Issued until"), recall.last_day and recall.last_day.isoformat()),
        (Words("请求的人", "Asked by"), officer_name(recall.asked_by)),
        (Words("决定的人", "Decided by"), officer_name(recall.decided_by)),
        (Words("不同意的原因", "Why it was declined"), recall.why),
    ]
    return rows


def _preview(request: NodeRequest, recall: Recall) -> dict[str, Any]:
    found = queries.preview(recall, now=request.now)
    return {"found": found, "lines": [(_short(one.pack), one) for one in found.lines]}


def _short(pack: str) -> Words:
    return reader.pack(pack).short if pack in reader.pack_ids() else Words(pack, pack)


def _result(recall: Recall) -> dict[str, Any]:
    found = queries.result(recall)
    refused = [(card, refusal_words(*fault.split("|", 1))) for card, fault in found.refused]
    return {"found": found, "refused": refused}


def _unread(request: NodeRequest, recall: Recall) -> dict[str, Any]:
    page = _number(request)
    people, count = queries.unread(recall, page=page, by=request.actor, now=request.now)
    after = page + 1 if (page + 1) * queries.A_PAGE < count else 0
    prints = _prints(queries.wanted_on_paper(recall, now=request.now))
    return {"unread": people, "unread_count": count, "page": page, "after": after, "prints": prints}


def _prints(cards: int) -> list[dict[str, int]]:
    """Return the pages for a printer: from which card on, and which they are."""
    starts = range(0, cards, queries.A_PAGE)
    return [
        {"start": one, "first": one + 1, "last": min(one + queries.A_PAGE, cards)} for one in starts
    ]


def _number(request: NodeRequest) -> int:
    typed = request.GET.get("page", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0


def _entry(one: Any) -> dict[str, Any]:
    return {"at": one.at, "words": RECALL_ACTIONS[one.action], "who": officer_name(one.actor)}


@fresh
@allow(Permission.REVOKE)
@require_http_methods(["GET", "HEAD", "POST"])
@staffed
def recall_step(request: NodeRequest, recall: uuid.UUID) -> HttpResponse:
    """Ask a colleague, agree, decline with a reason, drop it, or have a job go on that stands still.

    Whoever comes back from signing in again finds the page, and does the step anew.
    """
    found = _found(request, recall)
    wanted = request.POST.get("do", "")
    if wanted == "decline":
        return _decline(request, found)
    if wanted not in _STEPS:
        return redirect("recall", recall=recall)
    step, zh, en = _STEPS[wanted]
    try:
        step(recall, by=request.actor, now=request.now)
    except RefusalError as error:
        _say(request, error)
    else:
        drafts.forget(request.actor.user, request.path)
        messages.success(request, says(zh, en))
    return redirect("recall", recall=recall)


def _decline(request: NodeRequest, recall: Recall) -> HttpResponse:
    form = WhyForm(request.POST)
    if not form.is_valid():
        return _page(request, recall, why=form, status=422)
    try:
        actions.decline(recall.id, form.cleaned_data["why"], by=request.actor, now=request.now)
    except RefusalError as error:
        _say(request, error)
        return redirect("recall", recall=recall.id)
    drafts.forget(request.actor.user, request.path)
    said = says(
        "没有同意，请求的同事会读到原因。", "Declined; the colleague who asked will read why."
    )
    messages.success(request, said)
    return redirect("recalls")


def _say(request: NodeRequest, error: RefusalError) -> None:
    refusal = error.refusal
    in_force = refusal.detail == "the key in force is the lost one"
    words = _IN_FORCE if in_force else refusal_words(refusal.code, refusal.detail)
    messages.warning(request, says(words.zh, words.en))
