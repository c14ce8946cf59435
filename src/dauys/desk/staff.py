"""Officials of this installation: who they are as persons, for which body, with which tasks, and who put them there."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

PERSON_SIZE = 64  # hex digits of `Keys.person`


class Role(models.TextChoices):
    """What an official may do."""

    MODERATOR = "moderator", _("Moderator")
    REVIEWER = "reviewer", _("Reviewer of appeals")
    CLERK = "clerk", _("Clerk of an agency")
    HEAD = "head", _("Head of a body")
    ADMINISTRATOR = "administrator", _("Administrator")


class Official(models.Model):
    """A person in office, or who was; the personal number is not kept."""

    person = models.CharField(max_length=PERSON_SIZE)
    name = models.CharField(max_length=120)  # as it signs the official's acts
    body = models.CharField(max_length=200, blank=True)  # the state body; empty: the portal itself
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], name="official_one_row_a_person"),
            models.CheckConstraint(condition=Exact(Length("person"), PERSON_SIZE), name="official_person_is_a_digest"),
            models.CheckConstraint(condition=~models.Q(name=""), name="official_has_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def holds(self, role: str, body: str = "") -> bool:
        """Whether they have this task now, in this body where one is named."""
        return self.active and (not body or body == self.body) and self.duties.filter(role=role).exists()


class Duty(models.Model):
    """One task of one official."""

    official = models.ForeignKey(Official, models.CASCADE, related_name="duties")
    role = models.CharField(max_length=16, choices=Role.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["official", "role"], name="duty_once_an_official"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="duty_role_known"),
        ]

    def __str__(self) -> str:
        return self.role


class StaffChange(models.Model):
    """Who was appointed or dismissed, when and by whom; rows are only ever added."""

    class Kind(models.TextChoices):
        """What happened."""

        APPOINTED = "appointed"
        DISMISSED = "dismissed"

    official = models.ForeignKey(Official, models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    role = models.CharField(max_length=16, choices=Role.choices, blank=True)  # empty: all of them
    by = models.CharField(max_length=PERSON_SIZE, blank=True)  # the official's person; empty: the command line
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=("appointed", "dismissed"), role__in=Role.values)
                | models.Q(kind="dismissed", role=""),
                name="staffchange_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.role}".strip()
