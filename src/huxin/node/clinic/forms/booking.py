"""Booking: for whom, where and what for; then a day and a time."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError

from huxin.clinic.offers import nearest
from huxin.node.base.fields import later
from huxin.node.base.models import Organisation, Person
from huxin.node.base.words import says
from huxin.node.clinic.actions.visits import MOST_OPEN
from huxin.node.clinic.words import KIND_WORDS
from huxin.packs.reader import Words
from huxin.spec import CODES

__all__ = ["Choice", "TimeForm", "WhoForm"]


_REFUSED: Final = {
    "exists": Words(
        "这个人在这个时间已经有预约。请另选一个时间。",
        "This person is booked at this time already. Please choose another time.",
    ),
    "state": Words(
        "一个人最多留 {n} 个还没到的预约，已经满了。请先取消一个，或等看完再约。",
        "A person may hold {n} bookings to come, and these are held. Please cancel one, or book again after a visit.",
    ).fill(n=Words(str(MOST_OPEN), str(MOST_OPEN))),
}
_USED: Final = Words(
    "这张表约过一次，那一次取消了或是别的时间。要约这个时间，请再按一次。",
    "This form was used before, for a visit that was cancelled or is at another time. To book this time, press once more.",
)


class _Place(Protocol):
    """A place in time, as far as a form shows it."""

    @property
    def id(self) -> uuid.UUID: ...

    @property
    def starts(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Choice:
    """What the first form asked for."""

    person: Person
    place: Organisation
    kind: str


class WhoForm(forms.Form):
    """For whom, where, what for."""

    use_required_attribute = False
    person = forms.ChoiceField(label=later("谁来看", "Who comes"), widget=forms.RadioSelect)
    place = forms.ChoiceField(label=later("去哪里", "Where"), widget=forms.RadioSelect)
    kind = forms.ChoiceField(
        label=later("做什么", "What for"),
        widget=forms.RadioSelect,
        choices=[(name, later(words.zh, words.en)) for name, words in KIND_WORDS.items()],
    )

    def __init__(
        self,
        *args: Any,
        people: Sequence[Person],
        places: Sequence[Organisation],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._people = {str(one.id): one for one in people}
        self._places = {str(one.id): one for one in places}
        self.fields["person"].choices = [  # type: ignore[attr-defined]
            (name, f"{one.shown} {one.birth_year}") for name, one in self._people.items()
        ]
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            (name, says(one.name_zh, one.name_en)) for name, one in self._places.items()
        ]

    def choice(self) -> Choice:
        """Return what was asked for; the form is valid."""
        data = self.cleaned_data
        return Choice(self._people[data["person"]], self._places[data["place"]], data["kind"])


class TimeForm(forms.Form):
    """A time of the day, and why, if they wish to say."""

    use_required_attribute = False
    slot = forms.ChoiceField(label=later("几点", "What time"))
    reason = forms.CharField(
        label=later("为什么来", "Why you come"),
        help_text=later("只有门诊的人看得到", "Only the clinic can read it"),
        required=False,
        max_length=200,
    )
    request = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        slots: Sequence[_Place],
        wanted: datetime | None = None,
        zone: ZoneInfo,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.gone = _gone([one.starts for one in slots], wanted, zone)
        self.fields["slot"].choices = [  # type: ignore[attr-defined]
            ("", says("请选", "Choose")),
            *((str(one.id), _clock(one.starts, zone)) for one in slots),
        ]
        # What is not offered any more was free when the page was drawn.
        self.fields["slot"].error_messages["invalid_choice"] = says(self.gone.zh, self.gone.en)

    def refuse(self, code: str) -> None:
        """Say at the times why the chosen one was not booked; by default that it is gone."""
        told = _REFUSED.get(code, self.gone)
        self.add_error("slot", ValidationError(told, code=code))  # type: ignore[arg-type]  # `fields.messages` picks the language

    def note_used(self) -> None:
        """Say that this form made another visit before: whoever wants this one too says so once more."""
        self.add_error(None, ValidationError(_USED, code="used"))  # type: ignore[arg-type]  # as above


def _clock(start: datetime, zone: ZoneInfo) -> str:
    return f"{start.astimezone(zone):%H:%M}"


def _gone(free: Sequence[datetime], wanted: datetime | None, zone: ZoneInfo) -> Words:
    """Return the sentence of the register, with the free times nearest to the one that is gone."""
    row = CODES["taken"]
    found = Words(f"{row.text['zh']}{row.next['zh']}", f"{row.text['en']} {row.next['en']}")
    near = (
        [_clock(one, zone) for one in nearest([s for s in free if s != wanted], wanted)]
        if wanted
        else []
    )
    if not near:
        return found
    return Words(f"{found.zh}空着的：{'、'.join(near)}。", f"{found.en} Free: {', '.join(near)}.")
