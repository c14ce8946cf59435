"""Errors of writing a petition: its draft and the files beside it."""

from __future__ import annotations

from dauys.errors.offices import StepForbidden


class DraftFrozen(StepForbidden):
    code = "draft-frozen"
    sentence = "This petition was handed in, so its text cannot be changed any more."


class DraftChanged(StepForbidden):
    code = "draft-changed"
    sentence = (
        "The draft was changed elsewhere meanwhile. What you typed is still here: compare the two, then save again."
    )


class DraftNotReady(StepForbidden):
    code = "draft-not-ready"
    sentence = "Something is still missing before the petition can be handed in. Please look at its preview again."


class TooManyCoAuthors(StepForbidden):
    code = "too-many-co-authors"
    sentence = "A petition has at most {most} co-authors. Others can support it by signing it."


class AttachmentRefused(StepForbidden):
    code, status = "attachment-refused", 422
    sentence = (
        "Only PDF documents and PNG or JPEG pictures can be attached, and this file is none of them or is damaged."
    )


class AttachmentTooLarge(AttachmentRefused):
    code, status = "attachment-too-large", 413
    sentence = "This file is larger than {limit} MB. A picture of fewer dots or a shorter document says as much."


class AttachmentsFull(AttachmentRefused):
    code = "attachments-full"
    sentence = "{most} files are all that fit beside a petition. Please take one away first."


class AttachmentTwice(AttachmentRefused):
    code = "attachment-twice"
    sentence = "This file is attached already."


class AttachmentActive(AttachmentRefused):
    code = "attachment-active"
    sentence = (
        "This PDF can do more than be read ({found}), so it cannot be attached. Please print it to a new PDF file and "
        "attach that."
    )


class AttachmentsNoRoom(AttachmentRefused):
    code, status = "attachments-no-room", 503
    sentence = (
        "There is no room for files just now. Your text is safe; please try again tomorrow or go on without the file."
    )
