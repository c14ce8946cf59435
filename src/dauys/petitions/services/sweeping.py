"""How drafts end: forgotten by their authors, or swept once nobody has touched them for long."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from dauys.desk.transactions import office_transaction
from dauys.petitions.drafts import Draft, DraftFile
from dauys.petitions.services.attachments import forget_unused
from dauys.petitions.services.drafting import opened

if TYPE_CHECKING:
    from datetime import datetime

KEPT = timedelta(days=90)  # since a draft was last touched


def forget(secret: str, now: datetime) -> None:
    """Deletes a draft with all that is in it; DraftFrozen once it was handed in."""
    with office_transaction():
        draft = opened(secret, now)
        unused = [file.sha256 for file in draft.files.all()]
        draft.delete()
        forget_unused(unused)


def sweep_drafts(now: datetime) -> int:
    """Deletes drafts that nobody touched for KEPT; how many. What was handed in stays with its petition."""
    if not Draft.objects.filter(touched_at__lt=now - KEPT).exists():
        return 0
    with office_transaction():
        old = Draft.objects.filter(touched_at__lt=now - KEPT)
        unused = list(DraftFile.objects.filter(draft__in=old).values_list("sha256", flat=True))
        swept = old.count()
        old.delete()
        forget_unused(unused)
    return swept
