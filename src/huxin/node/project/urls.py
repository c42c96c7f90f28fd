"""All addresses of a node."""

from __future__ import annotations

from django.urls import include, path

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("", include("huxin.node.home.urls")),
    path("", include("huxin.node.base.urls")),
    path("", include("huxin.node.trust.urls")),
    path("", include("huxin.node.clinic.urls")),
    path("", include("huxin.node.monitoring.urls")),
    path("accounts/", include("huxin.node.base.account_urls")),
]
handler400 = "huxin.node.base.views.errors.bad_request"
handler403 = "huxin.node.base.views.errors.forbidden"
handler404 = "huxin.node.base.views.errors.not_found"
handler500 = "huxin.node.base.views.errors.failed"
