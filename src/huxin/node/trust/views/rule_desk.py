"""The rule desk: begin, write with the linter looking on, simulate, hand in, decide, see what became of it.

A step that is refused says why above the page, in the words of the register; what was typed stays.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import parse_instant
from huxin.node.base import drafts
from huxin.node.base.access import allow, fresh
from huxin.node.base.actor import NodeRequest
from huxin.node.base.ids import new_id
from huxin.node.base.permissions import Permission
from huxin.node.base.words import says
from huxin.node.trust.actions import rule_desk as actions
from huxin.node.trust.actions.rule_simulation import start
from huxin.node.trust.forms.rule_desk import BeginForm, SendBackForm
from huxin.node.trust.queries import rule_desk as queries
from huxin.node.trust.queries.desk import officer_name
from huxin.node.trust.views import rule_desk_page as pages
from huxin.spec import CODES

if TYPE_CHECKING:
    from huxin.node.trust.models import RuleDraft

__all__ = [
    "rule_desk",
    "rule_desk_lint",
    "rule_desk_new",
    "rule_draft",
    "rule_draft_decide",
    "rule_draft_step",
]

_METHODS: Final = ["GET", "HEAD", "POST"]
# A step of a draft: what does it, and what is said when it is done.
_STEPS: Final[dict[str, tuple[Callable[..., object], str, str]]] = {
    "hand-in": (actions.hand_in, "已送审。请另一位规则员看过再公布。", "Handed in. Another rule officer looks at it and publishes."),
    "take-back": (actions.take_back, "已收回，可以再改。", "Taken back; it can be changed again."),
    "drop": (actions.drop, "已放弃，列表里还能看到。", "Dropped; it stays in the list."),
}  # fmt: skip


@allow(Permission.RULES)
@require_safe
def rule_desk(request: NodeRequest) -> HttpResponse:
    """List what waits for whom, what is being written, and what became of the rest."""
    return render(request, "trust/rule_desk/desk.html", pages.desk(request))


@allow(Permission.RULES)
@require_http_methods(_METHODS)
def rule_desk_new(request: NodeRequest) -> HttpResponse:
    """Choose what a draft begins with."""
    if request.method != "POST":
        form = BeginForm(initial={"request": new_id()}, now=request.now)
        return render(request, "trust/rule_desk/new.html", {"form": form})
    form = BeginForm(request.POST, now=request.now)
    if not form.is_valid():
        return render(request, "trust/rule_desk/new.html", {"form": form}, status=422)
    text, pack = form.text()
    wish = form.cleaned_data["request"]
    made = actions.begin(text, pack=pack, request=wish, by=request.actor, now=request.now)
    return redirect("rule-draft", draft=made.id)


@allow(Permission.RULES)
@require_POST
def rule_desk_lint(request: NodeRequest) -> HttpResponse:
    """Say what is against a text that is being typed; nothing of it is kept."""
    judged = queries.judge(request.POST.get("text", ""), request.now)
    return render(request, "trust/rule_desk/judged.html", pages.judged(judged))


@allow(Permission.RULES)
@require_http_methods(_METHODS)
def rule_draft(request: NodeRequest, draft: uuid.UUID) -> HttpResponse:
    """Show a draft, or what became of it; keep what was typed, in order or not."""
    found = _found(draft)
    if request.method != "POST":
        return _page(request, found)
    text = request.POST.get("text", "").replace("\r\n", "\n")
    seen = _seen(request)
    try:
        actions.write(found.id, text, seen=seen, by=request.actor, now=request.now)
    except RefusalError as error:
        _say(request, error)
        return _page(request, _found(draft), text=text, status=409)
    if request.POST.get("do") == "simulate":
        return _simulated(request, draft)
    messages.success(request, says("已保存。", "Saved."))
    return redirect("rule-draft", draft=draft)


@allow(Permission.RULES)
@require_POST
def rule_draft_step(request: NodeRequest, draft: uuid.UUID) -> HttpResponse:
    """Try a draft, hand it in, take it back or drop it."""
    _found(draft)
    wanted = request.POST.get("do", "")
    if wanted == "simulate":
        return _simulated(request, draft)
    if wanted not in _STEPS:
        return redirect("rule-draft", draft=draft)
    step, zh, en = _STEPS[wanted]
    try:
        step(draft, seen=_seen(request), by=request.actor, now=request.now)
    except RefusalError as error:
        _say(request, error)
    else:
        messages.success(request, says(zh, en))
    return redirect("rule-draft", draft=draft)


@fresh
@allow(Permission.RULES)
@require_http_methods(_METHODS)
def rule_draft_decide(request: NodeRequest, draft: uuid.UUID) -> HttpResponse:
    """Publish what another officer handed in, or send it back with a reason.

    Whoever comes back from signing in again finds the page, with the reason, and decides anew.
    """
    found = _found(draft)
    if request.method != "POST":
        return redirect("rule-draft", draft=draft)
    try:
        if request.POST.get("do") == "approve":
            return _approved(request, draft)
        return _sent_back(request, found)
    except RefusalError as error:
        _say(request, error)
    return redirect("rule-draft", draft=draft)


def _approved(request: NodeRequest, draft: uuid.UUID) -> HttpResponse:
    made = actions.approve(draft, seen=_seen(request), by=request.actor, now=request.now)
    drafts.forget(request.actor.user, request.path)
    text = says("已公布，到日子施行。", "Published; in force from its day on.")
    messages.success(request, text)
    return redirect("rules-purpose", purpose=made[0].purpose)


def _sent_back(request: NodeRequest, found: RuleDraft) -> HttpResponse:
    form, by = SendBackForm(request.POST), request.actor
    if not form.is_valid():
        return _page(request, found, back=form, status=422)
    note = form.cleaned_data["note"]
    actions.send_back(found.id, note, seen=_seen(request), by=by, now=request.now)
    drafts.forget(by.user, request.path)
    text = says("已退回，写的人会看到原因。", "Sent back; who wrote it sees the reason.")
    messages.success(request, text)
    return redirect("rule-draft", draft=found.id)


def _simulated(request: NodeRequest, draft: uuid.UUID) -> HttpResponse:
    try:
        start(draft, by=request.actor, now=request.now)
    except RefusalError as error:
        _say(request, error)
    return redirect("rule-draft", draft=draft)


def _found(draft: uuid.UUID) -> RuleDraft:
    found = queries.draft(draft)
    if found is None:
        raise Http404
    return found


def _seen(request: NodeRequest) -> datetime:
    try:
        return parse_instant(request.POST.get("seen", ""))
    except RefusalError:
        return request.now  # nobody looked at anything: no draft was written just now


def _say(request: NodeRequest, error: RefusalError) -> None:
    code = CODES[error.refusal.code]
    zh, en = (f"{code.text[one]}{gap}{code.next[one]}" for one, gap in (("zh", ""), ("en", " ")))
    messages.warning(request, says(zh, en))


def _page(
    request: NodeRequest, found: RuleDraft, *, text: str | None = None,
    back: SendBackForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    page = pages.draft(request, found, text=text)
    kept = drafts.kept(request.actor.user, reverse("rule-draft-decide", args=[found.id]))
    page |= {"back": back or SendBackForm(initial=kept), "author": officer_name(found.written_by)}
    return render(request, "trust/rule_desk/draft.html", page, status=status)
