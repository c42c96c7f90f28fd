"""What a backup carries of the database: which tables, and how a row is written and read again.

Sealed fields are carried as they are sealed, so that making a backup opens nothing; they open with
the `secrets.json` that travels beside them.  All other values become plain JSON.

- every table is named: carried, or left behind (a test fails on a new one that is neither);
- `schema` describes the carried tables; a backup is restored only where it is the same.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from django.apps import apps
from django.db import models
from django.db.models import BinaryField, ExpressionWrapper, F, QuerySet

from huxin.node.base.sealed import Ciphertext, SealedText

__all__ = ["LEFT_BEHIND", "carried", "count", "plain", "rows", "schema", "write"]

# Who is signed in, jobs under way, and what the libraries fill in by themselves or never use here.
LEFT_BEHIND: Final = frozenset(
    {
        "account.emailaddress",
        "account.emailconfirmation",
        "auth.group",
        "auth.permission",
        "contenttypes.contenttype",
        "django_tasks_database.dbtaskresult",
        "sessions.session",
        "usersessions.usersession",
    }
)
_ALSO: Final = ("mfa.authenticator",)
_CHUNK: Final = 500

Model = type[models.Model]


def carried() -> list[Model]:
    """Return the tables of our own, and those of second factors and passkeys."""
    own = [model for model in apps.get_models() if model.__module__.startswith("huxin.")]
    return [*own, *map(apps.get_model, _ALSO)]


def schema() -> dict[str, list[str]]:
    """Return each table with its columns and their kinds."""
    return {
        model._meta.db_table: [f"{one.column} {one.get_internal_type()}" for one in _fields(model)]
        for model in carried()
    }


def count(model: Model) -> int:
    """Return how many rows there are."""
    return int(QuerySet(model).count())


def rows(model: Model) -> Iterator[tuple[Any, ...]]:
    """Yield all rows of a table, sealed values sealed."""
    sealed = {
        f"raw_{one.attname}": ExpressionWrapper(F(one.attname), output_field=BinaryField())
        for one in _fields(model)
        if isinstance(one, SealedText)
    }
    names = [
        f"raw_{one.attname}" if isinstance(one, SealedText) else one.attname
        for one in _fields(model)
    ]
    found = QuerySet(model).annotate(**sealed).order_by("pk").values_list(*names)
    yield from found.iterator(chunk_size=_CHUNK)


def plain(value: Any) -> Any:
    """Return a value that JSON does not know as one that it does."""
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    if isinstance(value, date):  # an instant too
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    raise TypeError(f"a value of kind {type(value).__name__}")


def write(model: Model, found: Iterable[Sequence[Any]]) -> None:
    """Write rows into the table `model`; raises `ValueError` for one that does not fit."""
    table: QuerySet[Any] = QuerySet(model)
    table.bulk_create([_instance(model, row) for row in found])


def _instance(model: Model, row: Sequence[Any]) -> models.Model:
    found = model()
    for field, value in zip(_fields(model), row, strict=True):
        setattr(found, field.attname, _value(field, value))
    return found


def _value(field: Any, value: Any) -> Any:
    if isinstance(field, SealedText):
        return Ciphertext(base64.b64decode(value))
    if isinstance(field, BinaryField):
        return base64.b64decode(value)
    return None if value is None else field.to_python(value)


def _fields(model: Model) -> Sequence[Any]:
    return model._meta.concrete_fields
