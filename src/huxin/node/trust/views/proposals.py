"""Proposals for the shared list: hand in, read what changes, see who signed, publish."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huxin.kernel.errors import RefusalError
from huxin.node.base.access import allow
from huxin.node.base.actor import NodeRequest
from huxin.node.base.limits import takes
from huxin.node.base.permissions import Permission
from huxin.node.base.words import said
from huxin.node.trust.actions import proposals as actions
from huxin.node.trust.forms.proposals import MOST_BYTES, ProposalForm, refused_words
from huxin.node.trust.queries import proposals as queries
from huxin.packs.reader import Words

__all__ = ["drop", "file", "proposal", "proposals", "publish"]


@takes(MOST_BYTES)
@allow(Permission.DELEGATE)
@require_http_methods(["GET", "HEAD", "POST"])
def proposals(request: NodeRequest) -> HttpResponse:
    """List what waits, and take a file."""
    form = ProposalForm()
    if request.method == "POST":
        form = ProposalForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                data = form.cleaned_data["file"]
                name = actions.hand_in(data, by=request.actor, now=request.now)
            except RefusalError as error:
                form.add_error("file", said(refused_words(error)))
            else:
                return redirect("proposal", name)
    page = {"form": form, "waiting": queries.waiting()}
    return render(request, "trust/proposals.html", page, status=422 if form.errors else 200)


@allow(Permission.DELEGATE)
@require_safe
def proposal(request: NodeRequest, proposal: str) -> HttpResponse:
    """Show all that should be known before anybody signs."""
    return _page(request, proposal)


def _page(request: NodeRequest, name: str, refused: RefusalError | None = None) -> HttpResponse:
    try:
        found = queries.reviewed(name, now=request.now)
    except RefusalError as error:
        page: dict[str, Any] = {"name": name, "fault": refused_words(error)}
        page["published"] = _published(name)
        return render(request, "trust/proposal.html", page, status=422)
    if found is None:
        raise Http404
    kept, told = found
    lacking = any(row["lacking"] for row in told["signatures"])
    page = {
        "name": name,
        "title": Words(kept.title["zh"], kept.title["en"]),
        "told": told,
        "counted": {
            name: f"{number:,}"
            for name, number in (told["effect"] or {}).items()
            if name in ("cards", "gained", "lost")
        },
        "changes": [
            {"grave": one["grave"], "words": Words(one["zh"], one["en"])} for one in told["changes"]
        ],
        "lint": [refused_words(RefusalError(one["code"], one["detail"])) for one in told["lint"]],
        "ready": not lacking and not told["lint"] and "timestamp" in kept.metadata,
        "refused": None if refused is None else refused_words(refused),
    }
    return render(request, "trust/proposal.html", page, status=200 if refused is None else 422)


def _published(name: str) -> bool:
    """Tell whether a proposal that fits the list no more is what changed it; of a spoilt file nothing is known."""
    try:
        return queries.published(name)
    except RefusalError:
        return False


@allow(Permission.DELEGATE)
@require_POST
def publish(request: NodeRequest, proposal: str) -> HttpResponse:
    """Publish what enough have signed; say who is lacking where they have not."""
    try:
        version = actions.publish(proposal, by=request.actor, now=request.now)
    except RefusalError as error:
        return _page(request, proposal, error)
    if version is None:
        raise Http404
    return redirect("federation")


@allow(Permission.DELEGATE)
@require_POST
def drop(request: NodeRequest, proposal: str) -> HttpResponse:
    """Forget a proposal."""
    if not queries.waits(proposal):
        raise Http404
    actions.drop(proposal, by=request.actor, now=request.now)
    return redirect("proposals")


@allow(Permission.DELEGATE)
@require_safe
def file(request: NodeRequest, proposal: str) -> HttpResponse:
    """Give the file to carry to whoever signs next."""
    try:
        data = queries.file_for_witnesses(proposal, now=request.now)
    except RefusalError as error:
        return _page(request, proposal, error)
    if data is None:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{proposal[:16]}.proposal.json"'}
    return HttpResponse(data, content_type="application/json", headers=headers)
