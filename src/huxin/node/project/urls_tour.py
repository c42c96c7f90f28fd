"""All addresses of the tour: its own pages, language and elder mode, and nothing of a node.

A process of its own serves them, so that the tour is there while nodes are stopped.
"""

from __future__ import annotations

from django.urls import include, path

from huxin.node.home.views import tour

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("", tour.door, name="home"),
    path("tour", tour.tour, name="tour"),
    path("tour/nodes", tour.nodes, name="tour-nodes"),
    path("tour/order", tour.order, name="tour-order"),
    path("tour/reset", tour.reset, name="tour-reset"),
    path("tour/samples/<str:name>", tour.sample, name="tour-sample"),
    path("", include("huxin.node.base.urls")),
]
handler403 = "huxin.node.base.views.errors.forbidden"
handler404 = "huxin.node.base.views.errors.not_found"
handler500 = "huxin.node.base.views.errors.failed"
