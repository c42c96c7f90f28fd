"""The public page of numbers: recorded and issued per day, as a chart, a table and a file."""

from __future__ import annotations

import csv
import io
import itertools
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from huxin.node.base import charts
from huxin.node.base.access import public
from huxin.node.base.actor import NodeRequest
from huxin.node.base.charts import DailyCounts, Series
from huxin.node.base.local_day import local_day
from huxin.node.base.words import ELDER_COOKIE, says
from huxin.node.monitoring.queries.numbers import Day, last_days, sees_exact

__all__ = ["numbers", "numbers_csv"]

_DAYS: Final = 28
_AT_LEAST: Final = 14
_TYPE: Final = 15
_TYPE_ELDER: Final = 36


def _days(request: NodeRequest) -> list[Day]:
    today = local_day(request.now)
    return last_days(_DAYS, until=today, by=request.actor)


@public
@require_GET
def numbers(request: NodeRequest) -> HttpResponse:
    """Show the last four weeks."""
    days = _since_the_first(_days(request))
    chart = _chart(days)
    size = _TYPE_ELDER if request.COOKIES.get(ELDER_COOKIE) == "1" else _TYPE
    shown = {
        "days": list(reversed(days)),
        "any": any(one.recorded.high or one.issued.high for one in days),
        "exact": sees_exact(request.actor),
        "series": chart.series,
        # Every word in it is escaped where it is drawn.
        "figure": mark_safe(charts.figure(chart, type_size=size)),  # noqa: S308
    }
    return render(request, "monitoring/numbers.html", shown)


def _since_the_first(days: list[Day]) -> list[Day]:
    """Leave out the days before anything was counted, but for two weeks at least."""
    empty = itertools.takewhile(lambda one: not (one.recorded.high or one.issued.high), days)
    return days[min(len(list(empty)), _DAYS - _AT_LEAST) :]


def _chart(days: list[Day]) -> DailyCounts:
    return DailyCounts(
        id="numbers",
        title=says("每天记录与签发", "Recorded and issued per day"),
        description=says(
            "从 {first} 到 {last}，每天记录和签发的数目。下面的表说同样的事。",
            "From {first} to {last}: how many were recorded and issued each day.  The table below says the same.",
            first=days[0].day,
            last=days[-1].day,
        ),
        labels=tuple(f"{one.day:%m-%d}" for one in days),
        series=(
            Series(says("记录", "Recorded"), tuple(one.recorded.middle for one in days)),
            Series(says("签发", "Issued"), tuple(one.issued.middle for one in days)),
        ),
        unit=says("日期", "Day"),
    )


@public
@require_GET
def numbers_csv(request: NodeRequest) -> HttpResponse:
    """Give the same table as a file."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(("day", "recorded", "issued"))
    rows.writerows((one.day, one.recorded.text, one.issued.text) for one in _days(request))
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="numbers.csv"'
    return response
