"""Log lines as JSON, from a closed list of fields: nobody's name, text or code can slip in.

A message is a constant of the program; what varies is in the few fields named here.
"""

from __future__ import annotations

import json
import logging
from typing import Final

__all__ = ["JsonLines"]

_FIELDS: Final = ("directive", "route", "status", "method", "count", "code", "milliseconds")


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": str(record.msg),
        }
        for name in _FIELDS:
            if (value := getattr(record, name, None)) is not None:
                line[name] = str(value)
        if record.exc_info and record.exc_info[0]:
            # The kind and the place, not the words: an exception may quote what people typed.
            line["error"] = record.exc_info[0].__name__
            line["place"] = _place(record)
        return json.dumps(line, ensure_ascii=False)


def _place(record: logging.LogRecord) -> str:
    trace = record.exc_info[2] if record.exc_info else None
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    code = trace.tb_frame.f_code
    return f"{code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno} {code.co_name}"
