"""Writing notices: draft, look, publish; correct with a reason; withdraw with a reason."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from huxin.adapters import pictures
from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import parse_instant
from huxin.node.base import drafts
from huxin.node.base.access import allow
from huxin.node.base.actor import NodeRequest
from huxin.node.base.ids import new_id
from huxin.node.base.limits import takes
from huxin.node.base.local_day import local_day
from huxin.node.base.permissions import Permission
from huxin.node.base.words import says
from huxin.node.trust.actions import notices as actions
from huxin.node.trust.forms.notices import NoticeForm, WithdrawForm, known_of
from huxin.node.trust.queries import notices as queries
from huxin.packs.reader import Words

__all__ = ["notice_edit", "notice_new", "notice_preview", "notice_withdraw"]

_METHODS = ["GET", "HEAD", "POST"]
_NOT_WRITTEN: Final = {
    "state": Words(
        "同事刚才改过这条公告，您写的还没有保存。请先在“全部公告”里看同事写的；再发一次，就用您的换掉。图片要重新选",
        "A colleague changed this notice a moment ago; what you wrote is not saved yet. Look at theirs under All notices "
        "first; sent once more, yours takes its place. A picture has to be chosen again",
    ),
    "exists": Words(
        "这张表已经写过一条公告，那一条已经发布或由同事接着写了。这里写的还没有保存；要另写一条，请再发一次。图片要重新选",
        "This form made a notice before, which was published or taken further by a colleague. What is written here is not "
        "saved yet; to write another notice, send it once more. A picture has to be chosen again",
    ),
}


@takes(pictures.MAX_BYTES)
@allow(Permission.PUBLISH_NOTICE)
@require_http_methods(_METHODS)
def notice_new(request: NodeRequest) -> HttpResponse:
    """Write a notice that there is not yet."""
    return _form_page(request, None, None)


@takes(pictures.MAX_BYTES)
@allow(Permission.PUBLISH_NOTICE)
@require_http_methods(_METHODS)
def notice_edit(request: NodeRequest, notice: uuid.UUID) -> HttpResponse:
    """Go on with a draft, or write a correction of what is published."""
    found = queries.editable(notice, by=request.actor)
    if found is None or found.withdrawn_at is not None:
        raise Http404
    return _form_page(request, notice, queries.newest(found))


def _form_page(request: NodeRequest, notice: uuid.UUID | None, last: Any) -> HttpResponse:
    known = known_of(last) if last is not None else {}
    about: dict[str, Any] = {
        "today": _today(request),
        "corrects": last is not None and (last.number > 1 or last.published_at is not None),
        "has_picture": bool(last is not None and last.picture_type),
    }
    if request.method == "POST":
        if request.POST.get("do") == "forget":
            drafts.forget(request.actor.user, request.path)
            return redirect(request.path)
        form = NoticeForm(request.POST, request.FILES, **about)
        if not form.is_valid():
            return _draw(request, form, notice, last, status=422)
        code, answer = _write(request, form, notice)
        if answer is not None:
            return answer
        return _draw(request, _once_more(request, code, last, about), notice, last, status=409)
    kept = drafts.kept(request.actor.user, request.path)
    if kept:
        form = NoticeForm(initial={"request": new_id(), **known, **_initial(kept)}, **about)
        return _draw(request, form, notice, last, kept=True)
    return _draw(request, NoticeForm(initial={"request": new_id(), **known}, **about), notice, last)


def _once_more(request: NodeRequest, code: str, last: Any, about: dict[str, Any]) -> NoticeForm:
    """Return the form with all that was typed, about what is there now, and why nothing was written."""
    known = {"request": str(new_id()), "seen": last.written_at.isoformat() if last else ""}
    form = NoticeForm({**request.POST.dict(), **known}, **about)
    form.add_error(None, ValidationError(_NOT_WRITTEN[code], code=code))  # type: ignore[arg-type]  # `fields.messages` picks the language
    return form


def _initial(kept: dict[str, Any]) -> dict[str, Any]:
    boxes = [str(kept.get(f"expires_{part}", "")) for part in ("year", "month", "day")]
    return {**kept, "expires": "-".join(boxes).strip("-")}


def _draw(
    request: NodeRequest, form: NoticeForm, notice: Any, last: Any, *, kept: bool = False,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    page = {"form": form, "notice": notice, "last": last, "kept": kept}
    return render(request, "trust/notice_form.html", page, status=status)


def _write(
    request: NodeRequest, form: NoticeForm, notice: uuid.UUID | None
) -> tuple[str, HttpResponse | None]:
    """Write a draft and answer; or return the code for which the form is shown once more."""
    wish, seen = form.cleaned_data.get("request") or new_id(), _seen(form.cleaned_data["seen"])
    try:
        draft = actions.write(
            form.said(), notice=notice, request=wish, seen=seen, by=request.actor, now=request.now
        )
    except RefusalError as error:
        if error.refusal.code in _NOT_WRITTEN:
            return error.refusal.code, None
        raise Http404 from error
    drafts.forget(request.actor.user, request.path)
    return "", redirect("notice-preview", notice=draft.notice_id)


def _seen(text: str) -> datetime | None:
    try:
        return parse_instant(text)
    except RefusalError:
        return None  # nobody looked at anything


@allow(Permission.PUBLISH_NOTICE)
@require_http_methods(_METHODS)
def notice_preview(request: NodeRequest, notice: uuid.UUID) -> HttpResponse:
    """Look at a draft as everybody will see it; publish it, or drop it."""
    found = queries.editable(notice, by=request.actor)
    if found is None:
        raise Http404
    if request.method == "POST":
        return _decide(request, notice)
    draft = queries.draft_of(found)
    if draft is None:
        there = queries.published(notice, request.now) is not None
        return redirect("notice", notice=notice) if there else redirect("notices")
    page = {"draft": draft, "notice": found, "seen": draft.written_at.isoformat()}
    return render(request, "trust/notice_preview.html", page)


def _decide(request: NodeRequest, notice: uuid.UUID) -> HttpResponse:
    by, now = request.actor, request.now
    if request.POST.get("do") == "drop":
        actions.discard(notice, by=by, now=now)
        messages.success(
            request,
            says("草稿已删，公开的没有动。", "The draft is gone; what is public is as it was."),
        )
        return redirect("notices")
    try:
        actions.publish(notice, seen=parse_instant(request.POST.get("seen", "")), by=by, now=now)
    except RefusalError as error:
        if error.refusal.code == "state":
            messages.warning(
                request,
                says("最后一天已经过了，没有发布。请改一个最后一天。", "Its last day has passed; it was not published. Please choose another last day."),
            )  # fmt: skip
            return redirect("notice-edit", notice=notice)
        messages.warning(
            request,
            says("草稿刚才又改过，没有发布。请再看一遍。", "The draft changed a moment ago and was not published. Please look again."),
        )  # fmt: skip
        return redirect("notice-preview", notice=notice)
    messages.success(request, says("已发布，大家都能看到。", "Published; everybody can read it."))
    return redirect("notice", notice=notice)


@allow(Permission.PUBLISH_NOTICE)
@require_http_methods(_METHODS)
def notice_withdraw(request: NodeRequest, notice: uuid.UUID) -> HttpResponse:
    """Ask once more, with a reason that everybody will read; then withdraw."""
    found, mine = queries.published(notice, request.now), queries.editable(notice, by=request.actor)
    if found is None or mine is None:
        raise Http404
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.withdraw(notice, reason=form.reason(), by=request.actor, now=request.now)
        messages.success(
            request,
            says("已撤回；这一页还在，写着原因。", "Withdrawn; its page stays, with the reason."),
        )
        return redirect("notice", notice=notice)
    status = 422 if form.errors else 200
    page = {"notice": found, "form": form, "draft": queries.draft_of(mine)}
    return render(request, "trust/notice_withdraw.html", page, status=status)


def _today(request: NodeRequest) -> date:
    return local_day(request.now)
