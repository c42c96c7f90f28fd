"""Will I get in? 出行前看一看: the answer before somebody goes.  Open to anybody; nothing of it is kept.

What is handed in is answered at once and forgotten: no count, no log, no trail.  Looking into a wallet
follows the wallet's own habits.  With a script the page answers by itself and asks the node nothing.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from huxin.kernel.errors import RefusalError
from huxin.node.base.access import public
from huxin.node.base.actor import NodeRequest
from huxin.node.base.limits import takes
from huxin.node.base.local_day import local_day
from huxin.node.base.words import current
from huxin.node.trust import signing
from huxin.node.trust.forms.check import MOST_BYTES
from huxin.node.trust.forms.journey import JourneyForm
from huxin.node.trust.queries import cards, rules
from huxin.node.trust.queries import journey as queries
from huxin.node.trust.queries import wallet as wallets
from huxin.node.trust.queries.journey import Asked
from huxin.spec import CODES
from huxin.trust.rules.explain import Explanation, Language
from huxin.trust.rules.outlook import Outlook, outlook
from huxin.trust.rules.readout import readout

__all__ = ["journey"]


@takes(MOST_BYTES)
@public
@require_http_methods(["GET", "HEAD", "POST"])
def journey(request: NodeRequest) -> HttpResponse:
    """Ask for purpose, day and cards; say what the rules will answer."""
    wallet = _wallet(request)
    today = local_day(request.now)
    purposes = rules.purposes(request.now, coming=True)
    own = queries.own_cards(wallet)
    practice = queries.practice(request.now)
    device = queries.device_cards(wallet, by=request.actor, now=request.now)
    more: dict[str, Any] = {
        "today": today, "purposes": purposes, "own": own, "practice": practice
    }  # fmt: skip
    page: dict[str, Any] = {
        "wallet": wallet,
        "owners": wallets.owners(request.actor),
        "region": signing.region_words(settings.HUXIN.region),
        "purposes": purposes,
        "device": {
            "cards": device,
            "people": {one.id: readout(one.credential) for one in practice},
            "language": _language(),
            "zone": str(settings.HUXIN.time_zone),
            "rules": reverse("rules-file"),
            "words": reverse("rules-words"),
        },
        "pattern": Outlook("no", "", (Explanation("", " ", (" ",), " "),), " "),
    }
    if request.method != "POST":
        first = {
            "purpose": request.GET.get("purpose", next(iter(purposes), "")),
            "day": today,
            "card": [number for number, _ in own],
            "region": request.GET.get("region", ""),
        }
        page["form"] = JourneyForm(initial=first, **more)
        return render(request, "trust/journey.html", page)
    form = page["form"] = JourneyForm(request.POST, request.FILES, **more)
    if form.is_valid():
        page |= _answer(request, form)
    return render(request, "trust/journey.html", page, status=422 if form.errors else 200)


def _wallet(request: NodeRequest) -> wallets.Wallet | None:
    """Return the wallet that is asked about: one's own, or that of somebody one acts for."""
    of = request.POST.get("of") or request.GET.get("of")
    if not of:
        person = request.actor.person
    else:
        try:
            person = uuid.UUID(str(of))
        except ValueError:
            raise Http404 from None
        if not request.actor.owns(person):
            raise Http404
    return wallets.wallet_of(person, by=request.actor, now=request.now) if person else None


def _answer(request: NodeRequest, form: JourneyForm) -> dict[str, Any]:
    given = form.cleaned_data
    when = {"purpose": given["purpose"], "day": given["day"], "now": request.now}
    # Who chose a practice person means that one, although cards of their own are ticked.
    practised = given["person"] and not given["codes"]
    texts = [] if practised else [*given["codes"], *_chosen(request, given["card"])]
    try:
        if practised:
            people = {one.id: one for one in queries.practice(request.now)}
            asked = queries.ask_practice(people[given["person"]], **when)
        else:
            asked = queries.ask(texts, **when)
    except RefusalError as error:
        form.refuse("file", error.refusal)
        return {}
    return {
        "answer": _outlook(asked),
        "asked": given["purpose"],
        "day": given["day"],
        "practised": bool(practised),
        "used": len(texts) or 1,
    }


def _chosen(request: NodeRequest, numbers: list[str]) -> list[str]:
    found = (cards.own_card(uuid.UUID(one), by=request.actor, now=request.now) for one in numbers)
    return [one.text for one in found if one is not None]


def _outlook(asked: Asked) -> Outlook:
    language = _language()
    if asked.decision is not None:
        return outlook(asked.decision, asked.ends, language, zone=settings.HUXIN.time_zone)
    assert asked.genuine is not None
    code = CODES[asked.genuine.code]
    said = "zh" if language == "zh-Hans" else "en"
    return Outlook("no", code.text[said], (Explanation("", "", (), code.next[said]),))


def _language() -> Language:
    return "zh-Hans" if current() == "zh" else "en"
