"""The tour: its page, the panel of nodes, and what is asked of the supervisor.

Served by a process of its own (`project.urls_tour`); no address of a node leads here.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huxin.adapters import demo_line
from huxin.kernel.errors import RefusalError
from huxin.node.base.access import public
from huxin.node.base.actor import NodeRequest
from huxin.node.home.demo import answers, board, cast, samples, steps

__all__ = ["door", "nodes", "order", "reset", "sample", "tour"]


@public
@require_GET
def door(request: NodeRequest) -> HttpResponse:
    """Lead to the tour."""
    return HttpResponseRedirect(reverse("tour"))


@public
@require_GET
def tour(request: NodeRequest) -> HttpResponse:
    """Show the three lanterns and their steps."""
    now = board.read()
    age = (request.now - now.made).days if now.made else 0
    found = {
        "board": now,
        "lanterns": now.lanterns(),
        "age": age,
        "accounts": [(node, cast.accounts_of(node.code)) for node in now.nodes],
        "password": cast.PASSWORD,
        "reset_url": reverse("tour-reset"),
        "said": answers.ANSWERS.get(request.GET.get("said", "")),
        "said_at": request.GET.get("step", ""),
    }
    return render(request, "home/tour.html", found)


@public
@require_GET
def nodes(request: NodeRequest) -> HttpResponse:
    """Show the panel alone, for the small module that keeps it up to date."""
    return render(request, "home/tour_nodes.html", {"board": board.read()})


@public
@require_POST
def order(request: NodeRequest) -> HttpResponse:
    """Ask the supervisor for something, and lead back to the step that asked, with what became of it.

    What is not on its list is answered 404.
    """
    now = board.read()
    asked = request.POST.get("asked", "")[:20]
    try:
        demo_line.parse(asked.encode("utf-8"), [node.code for node in now.nodes])
        said = demo_line.ask(now.line, asked).get("said")
    except RefusalError as error:
        raise Http404 from error
    step = request.GET.get("step")
    if step not in steps.KEYS:
        return HttpResponseRedirect(f"{reverse('tour')}#nodes")
    query = f"?{urlencode({'said': said, 'step': step})}" if said in answers.ANSWERS else ""
    return HttpResponseRedirect(f"{reverse('tour')}{query}#step-{step}")


@public
@require_http_methods(["GET", "POST"])
def reset(request: NodeRequest) -> HttpResponse:
    """Ask once more, then begin anew."""
    if request.method != "POST":
        return render(request, "home/tour_reset.html")
    try:
        demo_line.ask(board.read().line, "reset")
    except RefusalError as error:
        raise Http404 from error
    return HttpResponseRedirect(f"{reverse('tour')}#nodes")


@public
@require_GET
def sample(request: NodeRequest, name: str) -> HttpResponse:
    """Hand out a practice card or the list of people."""
    data = board.read().sample(name)
    if data is None:
        raise Http404
    return HttpResponse(
        data,
        content_type=samples.FILES[name],
        headers={"Content-Disposition": f'attachment; filename="huxin-{name}"'},
    )
