"""People: who a card or a visit is about, where they are registered, who may act for them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from huxin.node.base.ids import new_id
from huxin.node.base.privacy import PERSONAL, PLAIN, SENSITIVE, TOKEN
from huxin.node.base.sealed import SealedJSON, SealedText

__all__ = ["Message", "Person", "PersonToken", "Proxy", "Registration"]


class Person(models.Model):
    """A person as the region knows them: enough to print a card and to compare with a document.

    `birth` is a partial date.  `document` is any paper or none.  `version` grows with each
    change, so that the second of two clerks is told.
    """

    privacy: ClassVar = {
        "id": PLAIN,
        "name": PERSONAL,
        "latin": PERSONAL,
        "birth": PERSONAL,
        "sex": PERSONAL,
        "document": PERSONAL,
        "contact": PERSONAL,
        "version": PLAIN,
        "registered_at": PLAIN,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = SealedText()
    latin = SealedText()
    birth = SealedText()
    sex = SealedText()
    document = SealedText()
    contact = SealedText()
    version = models.PositiveIntegerField(default=1)
    registered_at = models.DateTimeField()

    @property
    def shown(self) -> str:
        """The one line that is shown largest."""
        return str(self.name or self.latin)

    @property
    def birth_year(self) -> str:
        """The year of birth, or nothing."""
        return str(self.birth)[:4]


class PersonToken(models.Model):
    """What a person can be found by; see `sealed.token`."""

    privacy: ClassVar = {"id": PLAIN, "person": PLAIN, "value": TOKEN}

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    value = models.BinaryField(max_length=16, db_index=True)


class Registration(models.Model):
    """A person is known at an organisation; a desk finds nobody else."""

    privacy: ClassVar = {"id": PLAIN, "person": PLAIN, "organisation": PLAIN, "since": PLAIN}

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="registrations")
    organisation = models.ForeignKey(
        "base.Organisation", on_delete=models.PROTECT, related_name="registrations"
    )
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["person", "organisation"], name="base_registered_once")
        ]


class Proxy(models.Model):
    """Somebody may act for a person: a guardian for a child, a helper for whoever asks.

    It rests on a recorded consent and can be ended by the person at any time, without a word
    to the other.
    """

    privacy: ClassVar = {
        "id": PLAIN,
        "person": PLAIN,
        "holder": PLAIN,
        "kind": PLAIN,
        "consent": PERSONAL,
        "recorded_by": PLAIN,
        "begins": PLAIN,
        "ends": PLAIN,
        "ended_at": PLAIN,
    }

    KINDS: ClassVar = (("guardian", "guardian"), ("helper", "helper"))

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="represented_by")
    holder = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="represents")
    kind = models.CharField(max_length=8, choices=KINDS)
    consent = SealedText()
    recorded_by = models.UUIDField()
    begins = models.DateTimeField()
    ends = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=~models.Q(person=models.F("holder")), name="base_proxy_of_another"
            )
        ]


class Message(models.Model):
    """A notice to a person: a card was withdrawn, an answer is there.  `kind` has its words.

    `pack` is what it is about, where it is about one: whoever acts for the person is not told of
    what is kept from them.
    """

    privacy: ClassVar = {
        "id": PLAIN,
        "person": PLAIN,
        "kind": PLAIN,
        "pack": PLAIN,
        "blanks": SENSITIVE,
        "at": PLAIN,
        "read_at": PLAIN,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=40)
    pack = models.CharField(max_length=40, blank=True)
    blanks = SealedJSON()
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
