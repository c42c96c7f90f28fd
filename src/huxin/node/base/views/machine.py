"""Pages for machines: is the node well, its counts, and what browsers report of our policy."""

from __future__ import annotations

import json
import logging
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from huxin.node.base import outbox
from huxin.node.base.access import public
from huxin.node.base.actor import NodeRequest
from huxin.node.base.here import is_here
from huxin.node.base.models import AuditEntry, AuditLink, OutboxEvent

__all__ = ["csp_report", "health", "metrics"]

_LOG: Final = logging.getLogger("huxin.csp")
_REPORT_BYTES: Final = 8_192


@public
@require_GET
def health(request: NodeRequest) -> HttpResponse:
    """Say whether the node serves: 200 with `ok`, or 503; no version, no name."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not settings.HUXIN_TOUR_FILE:  # the tour has no tables, and needs none
            OutboxEvent.objects.exists()
    except DatabaseError:
        return JsonResponse({"status": "no-database"}, status=503)
    return JsonResponse({"status": "ok"})


@public
@require_GET
def metrics(request: NodeRequest) -> HttpResponse:
    """Give counts in the text form that monitoring systems read; to this machine only."""
    if not is_here(request):
        return HttpResponse(status=404)
    rows = {
        "huxin_audit_entries_total": AuditEntry.objects.count(),
        "huxin_audit_sealed_total": AuditLink.objects.count(),
        "huxin_outbox_waiting": OutboxEvent.objects.filter(delivered_at=None).count(),
        "huxin_outbox_overdue": outbox.overdue(now=request.now),
    }
    text = "".join(f"# TYPE {name} gauge\n{name} {value}\n" for name, value in rows.items())
    return HttpResponse(text, content_type="text/plain; version=0.0.4; charset=utf-8")


@csrf_exempt
@public
@require_POST
def csp_report(request: NodeRequest) -> HttpResponse:
    """Log which directive a browser saw broken; addresses in the report may be personal: left out."""
    try:
        report = json.loads(request.body[:_REPORT_BYTES])["csp-report"]
        directive = str(report.get("effective-directive", ""))[:40]
    except (ValueError, KeyError, TypeError, AttributeError):
        return HttpResponse(status=400)
    _LOG.warning("policy broken", extra={"directive": directive})
    return HttpResponse(status=204)
