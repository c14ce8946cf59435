"""What a person reads at an address of a mirror where nothing stands."""

from __future__ import annotations

from html import escape

from dauys.mirror.words import NAMES, Words

_ = str
MISSING = _("There is no page of this mirror at this address.")
ALL = _("All petitions of this mirror")


def missing_page() -> str:
    """A small page in every language."""
    parts = "".join(
        f'<section lang="{code}"><p>{escape(Words(code)(MISSING))}</p>'
        f'<p><a href="/{code}/index.html">{escape(Words(code)(ALL))}</a></p></section>'
        for code in NAMES
    )
    return (
        '<!DOCTYPE html>\n<html lang="kk"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        '<title>404</title><link rel="stylesheet" href="/mirror.css"><link rel="icon" href="/icon.svg"></head>'
        f"<body><main><h1>404</h1>{parts}</main></body></html>\n"
    )
