"""The files of a petition on its page: a link to save each, or why it is not here."""

from __future__ import annotations

from html import escape

from dauys.ledger.attached import Attached
from dauys.mirror.files import FileFolder
from dauys.mirror.markup import grouped
from dauys.mirror.record import Record
from dauys.mirror.sources import file_path
from dauys.mirror.words import Words

_ = str
FILES = _("Files")
SIZE = _("%(size)s kB")
ERASED = _("The log erased this file (entry No. %(index)s, %(reason)s). Its hash stays.")
ABSENT = _(
    "This file is not here: no source had it as the text lists it, or it is of a kind that a mirror does not keep."
)
UP = "../../../"  # from a petition's page to the mirror's own folder


def file_section(files: tuple[Attached, ...], kept: FileFolder, record: Record, words: Words) -> str:
    """The heading and the list; nothing where a text lists no files."""
    if not files:
        return ""
    items = "".join(f"<li>{_item(file, kept, record, words)}</li>" for file in files)
    return f'<h3>{escape(words(FILES))}</h3><ul class="files">{items}</ul>'


def _item(file: Attached, kept: FileFolder, record: Record, words: Words) -> str:
    digest = f'<p class="fine">SHA-256 <code>{file.sha256}</code></p>'
    if file.sha256 in record.erased:
        index, reason = record.erased[file.sha256]
        return f"{escape(words(ERASED, index=index, reason=reason))}{digest}"
    if not kept.has(file):
        return f'{escape(file.name)}<p class="fine">{escape(words(ABSENT))}</p>{digest}'
    path = file_path(file)
    name = file.name if file.name.endswith(path[path.rindex(".") :]) else f"{file.name}{path[path.rindex('.') :]}"
    size = escape(words(SIZE, size=grouped(-(-file.size // 1000))))
    return f'<a href="{UP}{path}" download="{escape(name)}">{escape(name)}</a> <span class="fine">{size}</span>{digest}'
