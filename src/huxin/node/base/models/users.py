"""Accounts: who signs in, in which roles, at which organisation; and forms saved half-way."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from huxin.node.base.ids import new_id
from huxin.node.base.models.people import Person
from huxin.node.base.permissions import Role
from huxin.node.base.privacy import PERSONAL, PLAIN, SENSITIVE, TOKEN
from huxin.node.base.sealed import SealedJSON, SealedText

__all__ = ["Draft", "Grant", "Organisation", "ResetSlip", "User"]


class Organisation(models.Model):
    """A clinic, a desk, a school gate: where staff work, and the limit of whom they can find."""

    privacy: ClassVar = {"id": PLAIN, "name_zh": PLAIN, "name_en": PLAIN, "hours": PLAIN}

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name_zh = models.CharField(max_length=46)
    name_en = models.CharField(max_length=80)
    hours = models.CharField(max_length=80, blank=True)


class UserManager(BaseUserManager["User"]):
    """Finds accounts by their name; new ones are made by actions only."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=username)


class User(AbstractBaseUser):
    """An account.  `shown` is the name that colleagues see; `person` whose own cards it shows."""

    privacy: ClassVar = {
        "id": PLAIN,
        "username": PLAIN,  # chosen or given, not a name, number or address of a person
        "password": PLAIN,  # a hash
        "last_login": PLAIN,
        "shown": PERSONAL,
        "person": PLAIN,
        "is_active": PLAIN,
        "language": PLAIN,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=40, unique=True)
    shown = SealedText()
    person = models.OneToOneField(Person, null=True, blank=True, on_delete=models.SET_NULL)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=2, blank=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.username


class Grant(models.Model):
    """A role that an account holds; staff hold it in one organisation."""

    privacy: ClassVar = {"id": PLAIN, "user": PLAIN, "role": PLAIN, "organisation": PLAIN}

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="grants"
    )

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["user", "role"], name="base_grant_once")
        ]


class Draft(models.Model):
    """A form saved half-way, or kept when a session ended in the middle of it."""

    privacy: ClassVar = {
        "id": PLAIN,
        "user": PLAIN,
        "place": PLAIN,
        "fields": SENSITIVE,
        "saved_at": PLAIN,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    place = models.CharField(max_length=200)
    fields = SealedJSON()
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["user", "place"], name="base_draft_once")
        ]


class ResetSlip(models.Model):
    """A slip of paper with which somebody sets a new password for their own account, once.

    Only a token of the code is kept.  With `keys` it also removes their second keys: a code from a
    phone, passkeys, recovery codes.
    """

    privacy: ClassVar = {
        "id": PLAIN,
        "user": PLAIN,
        "keys": PLAIN,
        "code": TOKEN,
        "made_by": PLAIN,
        "made_at": PLAIN,
        "ends": PLAIN,
        "used_at": PLAIN,
        "attempts": PLAIN,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    keys = models.BooleanField()
    code = models.BinaryField(max_length=16, unique=True)
    made_by = models.UUIDField()
    made_at = models.DateTimeField()
    ends = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
