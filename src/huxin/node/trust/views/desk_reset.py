"""A new password for somebody at the desk who forgot theirs: a slip of paper, made in their presence."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from huxin.kernel.errors import RefusalError
from huxin.node.base import resets
from huxin.node.base.access import allow, fresh
from huxin.node.base.actor import NodeRequest
from huxin.node.base.permissions import Permission
from huxin.node.base.slips import DAYS
from huxin.node.trust.forms.reset import ResetForm
from huxin.node.trust.views.desk_door import staffed
from huxin.node.trust.views.desk_people import open_person

__all__ = ["reset_slip"]


@fresh
@allow(Permission.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
@staffed
def reset_slip(request: NodeRequest, person: uuid.UUID) -> HttpResponse:
    """Ask what was lost, then show the slip to be printed; loading it again shows the same, while it is good."""
    found = open_person(request, person)
    shown = {"person": found, "days": DAYS}
    try:
        account = resets.account_to_reset(found)
    except RefusalError as error:
        return render(request, "trust/desk/reset_none.html", {**shown, "why": error.refusal.code})
    form = ResetForm(
        request.POST if request.method == "POST" else None, initial={"request": uuid.uuid4()}
    )
    shown |= {"form": form, "has_keys": resets.has_keys(account)}
    if not form.is_valid():
        return render(request, "trust/desk/reset.html", shown)
    made = resets.make_reset(
        found,
        keys=form.cleaned_data["keys"] == "too",
        request=form.cleaned_data["request"],
        by=request.actor,
        now=request.now,
    )
    if not made.good:
        return render(request, "trust/desk/slip_over.html", {"person": found}, status=409)
    first, _, second = made.code.partition("-")
    code = format_html('{}<span aria-hidden="true">-</span>{}', first, second)
    shown |= {"code": code, "ends": made.ends, "keys": form.cleaned_data["keys"] == "too"}
    return render(request, "trust/desk/reset_slip.html", shown)
