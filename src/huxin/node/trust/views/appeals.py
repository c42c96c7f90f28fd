"""Appeals, open to anybody: the counts, the form, the receipt, and the decision for whoever holds it.

No code of a card and no answer of the checking page comes here: the purpose stands in the address, as it
does on the page of the rules, and all else is said by the person.  Number and code of a receipt come by POST
and stand in no address and no session.  The pages that answer a post carry no switch of language or type:
it would lead away from the only page that shows the code.
"""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe

from huxin.kernel.errors import RefusalError
from huxin.node.base.access import public
from huxin.node.base.actor import NOBODY, NodeRequest
from huxin.node.base.limits import admit_appeal, admit_slip
from huxin.node.base.permissions import Permission
from huxin.node.base.words import says
from huxin.node.trust.actions import appeals as actions
from huxin.node.trust.actions.appeals import Receipt, Said
from huxin.node.trust.forms.appeals import AgainForm, AppealForm, ReceiptForm
from huxin.node.trust.forms.desk import new_request
from huxin.node.trust.queries import appeals as queries
from huxin.node.trust.queries.appeal_counts import DAYS, counted
from huxin.node.trust.queries.checking import desks
from huxin.node.trust.queries.wallet import owners, person_of
from huxin.trust.appeals import ANSWER_WITHIN, KEPT_DAYS

__all__ = [
    "HOURS",
    "appeal_again",
    "appeal_new",
    "appeal_paper",
    "appeal_receipt",
    "appeals",
    "receipt_page",
    "said_of",
]

HOURS: Final = int(ANSWER_WITHIN.total_seconds()) // 3600
_PAGES: Final = ["GET", "HEAD", "POST"]


@public
@require_safe
def appeals(request: NodeRequest) -> HttpResponse:
    """Show how many appeals there were, and the ways to make or to follow one."""
    shown = {
        "rows": counted(now=request.now),
        "days": DAYS,
        "hours": HOURS,
        "mine": request.actor.may(Permission.SHOW_OWN),
    }
    return render(request, "trust/appeals/index.html", shown)


@public
@require_http_methods(_PAGES)
def appeal_new(request: NodeRequest) -> HttpResponse:
    """Ask about which purpose, then what is wrong; a post keeps it and shows the receipt."""
    purposes = queries.purposes()
    purpose = str(request.GET.get("purpose", ""))
    if purpose not in purposes:
        shown = {"purposes": purposes, "hours": HOURS}
        return render(request, "trust/appeals/choose.html", shown)
    rules = queries.rules_asked(purpose, now=request.now)
    people = _people(request)
    if request.method != "POST":
        form = AppealForm(rules=rules, people=people, initial={"request": new_request()})
        return _form_page(request, form, purpose)
    form = AppealForm(request.POST, rules=rules, people=people)
    if not form.is_valid():
        return _form_page(request, form, purpose)
    if not admit_appeal(request):
        return _form_page(request, form, purpose, told="often")
    try:
        said = said_of(form, purpose, request)
        key = form.cleaned_data["request"]
        made = actions.appeal(said, request=key, by=request.actor, now=request.now)
    except RefusalError:
        return _form_page(request, form, purpose, told="full")
    return receipt_page(request, made)


def _people(request: NodeRequest) -> list[tuple[uuid.UUID, str]]:
    """Return for whom somebody who is signed in may appeal."""
    if not request.actor.may(Permission.SHOW_OWN):
        return []
    return [
        (one.id, says("我自己", "Myself") if one.own else one.name) for one in owners(request.actor)
    ]


def said_of(form: AppealForm, purpose: str, request: NodeRequest) -> Said:
    """Return what was said in a form; its person is one whom the form offered."""
    told, (rule, version) = form.cleaned_data, form.rule_named
    person = person_of(form.person, by=request.actor) if form.person else None
    asked = "" if purpose == queries.GENUINE else purpose
    return Said(asked, rule, version, told["text"], told["contact"], person)


_STATUS: Final = {"": 200, "often": 429, "full": 409}


def _form_page(
    request: NodeRequest, form: AppealForm, purpose: str, *, told: str = ""
) -> HttpResponse:
    words = queries.purposes()[purpose]
    shown = {"form": form, "purpose": purpose, "words": words, "told": told, "hours": HOURS}
    answer = render(request, "trust/appeals/new.html", shown, status=_STATUS[told])
    return _later(answer) if told == "often" else answer


def _later(answer: HttpResponse) -> HttpResponse:
    answer["Retry-After"] = "60"
    return answer


def receipt_page(request: NodeRequest, made: Receipt, **more: Any) -> HttpResponse:
    """Show the receipt to be printed or written down: its code stands nowhere else."""
    first, _, second = made.code.partition("-")
    shown = {
        "appeal": queries.shown(made.appeal, now=request.now),
        "code": format_html('{}<span aria-hidden="true">-</span>{}', first, second),
        "kept": KEPT_DAYS,
        "own": made.appeal.person_id is not None,
        **more,
    }
    return render(request, "trust/appeals/receipt.html", shown)


@public
@require_safe
def appeal_paper(request: NodeRequest) -> HttpResponse:
    """Show the empty form to be printed and written by hand."""
    words = queries.purposes().get(str(request.GET.get("purpose", "")))
    shown = {"words": words, "desks": desks(), "hours": HOURS, "kept": KEPT_DAYS}
    return render(request, "trust/appeals/paper.html", shown)


@public
@require_http_methods(_PAGES)
def appeal_receipt(request: NodeRequest) -> HttpResponse:
    """Ask for number and code of a receipt; a post shows how far the appeal is."""
    if request.method != "POST":
        return _receipt_form(request, ReceiptForm())
    return _opened(request, AgainForm())


@public
@require_http_methods(_PAGES)
def appeal_again(request: NodeRequest) -> HttpResponse:
    """Appeal once more with the receipt."""
    if request.method != "POST":
        return redirect("appeal-receipt")
    return _opened(request, AgainForm(request.POST))


def _opened(request: NodeRequest, again: AgainForm) -> HttpResponse:
    form = ReceiptForm(request.POST)
    if not form.is_valid():
        return _receipt_form(request, form)
    if not admit_slip(request):
        return _later(_receipt_form(request, form, told="often", status=429))
    told = form.cleaned_data
    found = actions.open_receipt(told["number"], told["code"], now=request.now)
    if found is None:
        return _receipt_form(request, form, told="no", status=400)
    shown = {"form": form, "again": again, "kept": KEPT_DAYS, "full": False}
    if again.is_valid():
        try:
            actions.appeal_again(found, again.cleaned_data["text"], by=NOBODY, now=request.now)
        except RefusalError:
            shown["full"] = True
    shown["appeal"] = queries.shown(found, now=request.now)
    return render(request, "trust/appeals/opened.html", shown)


def _receipt_form(
    request: NodeRequest, form: ReceiptForm, *, told: str = "", status: int = 200
) -> HttpResponse:
    shown = {"form": form, "told": told, "most": actions.MOST_TRIES}
    return render(request, "trust/appeals/ask_receipt.html", shown, status=status)
