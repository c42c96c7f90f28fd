"""Taking the shared list anew: now, from the place that this node follows, or from a file that somebody brought."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from huxin.kernel.errors import RefusalError
from huxin.node.base.access import allow
from huxin.node.base.actor import NodeRequest
from huxin.node.base.limits import takes
from huxin.node.base.permissions import Permission
from huxin.node.base.words import said, says
from huxin.node.trust.actions import follow as actions
from huxin.node.trust.actions.follow import Taken
from huxin.node.trust.forms.proposals import MOST_BUNDLE, BundleForm, refused_words
from huxin.node.trust.queries import federation as queries
from huxin.packs.reader import Words
from huxin.spec import CODES

__all__ = ["follow_now", "list_take"]

_ANSWERS = {
    "taken": Words("取到了新的", "a newer list was taken"),
    "same": Words("和这里的一样", "the same as here"),
}


@takes(MOST_BUNDLE)
@allow(Permission.DELEGATE)
@require_http_methods(["GET", "HEAD", "POST"])
def list_take(request: NodeRequest) -> HttpResponse:
    """Show whence the list comes; take it from a file."""
    form = BundleForm()
    if request.method == "POST":
        form = BundleForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                data = form.cleaned_data["file"]
                taken = actions.take(data, by=request.actor, now=request.now)
            except RefusalError as error:
                form.add_error("file", said(refused_words(error)))
            else:
                return _told(request, taken)
    return _page(request, form)


@allow(Permission.DELEGATE)
@require_POST
def follow_now(request: NodeRequest) -> HttpResponse:
    """Take the list from the place that this node follows, without waiting for the job."""
    try:
        taken = actions.follow(by=request.actor, now=request.now)
    except RefusalError as error:
        return _page(request, BundleForm(), error)
    return redirect("list-take") if taken is None else _told(request, taken)


def _page(
    request: NodeRequest, form: BundleForm, refused: RefusalError | None = None
) -> HttpResponse:
    last = queries.last_try()
    page: dict[str, Any] = {
        "form": form,
        "follows": settings.HUXIN.follows,
        "minutes": max(1, settings.HUXIN.follows_every // 60),
        "last": last,
        "answer": None if last is None else _answer(last.answer),
        "refused": None if refused is None else refused_words(refused),
    }
    status = 422 if form.errors or refused else 200
    return render(request, "trust/list_take.html", page, status=status)


def _answer(answer: str) -> Words:
    if answer in _ANSWERS:
        return _ANSWERS[answer]
    row = CODES[answer]
    return Words(row.text["zh"], row.text["en"])


def _told(request: NodeRequest, taken: Taken) -> HttpResponse:
    zh, en = "这里的清单已经是这一份。", "This is the list that is held here already."
    if taken.new:
        zh, en = "取到了新的清单，第 {n} 版。", "A newer list was taken: version {n}."
    messages.success(request, says(zh, en, n=taken.version))
    return redirect("federation")
