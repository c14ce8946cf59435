"""A column whose text only the installation's keys open, for what its owner reads again on every page."""

from __future__ import annotations

from typing import Any

from django.db import models

from dauys.desk.installation import keys


class SealedText(models.BinaryField):
    """Sealed under the vault's key on its way to the database, opened on its way back; empty text stays empty.

    Not to be searched or compared: equal texts are sealed differently.
    """

    def from_db_value(self, value: Any, *_: Any) -> str:
        """The text."""
        return keys().unwrap(bytes(value), self._label).decode() if value else ""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Its sealed bytes."""
        sealed = keys().wrap(value.encode(), self._label) if value else b""
        return super().get_db_prep_value(sealed, connection, prepared)

    @property
    def _label(self) -> str:
        return f"{self.model._meta.db_table}/{self.column}"  # noqa: SLF001 - Django's documented way to a model's facts
