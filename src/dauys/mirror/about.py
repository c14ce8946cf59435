"""The page that says what a mirror is, by which rule it keeps or drops texts, and how to check it without trusting it."""

from __future__ import annotations

from html import escape

from dauys.mirror.keys import fingerprint
from dauys.mirror.markup import ABOUT, Frame, Page, grouped
from dauys.mirror.succession import past_path
from dauys.mirror.words import Words

_ = str

KEY = _("Log key")
MORE = ' (+ <a href="../../log/vkey">ML-DSA-44</a>)'
SOURCE = _("Source")
EARLIER = _("Earlier log")
CHECK = _("Check it yourself")
RUN = _("Save this folder, or name its address, and run with the key you know from elsewhere:")
LOG = _("Log")
ENTRIES = _("Entries")
FINGERPRINT = _("Fingerprint of the key")
KEEPS = (
    _("Nothing can be signed here, and nobody is asked for anything. To sign, go to the portal."),
    _(
        "Every entry, tile and text was verified against the log's signed checkpoint before it was stored. Where the log ever contradicts itself, this mirror keeps the proof and shows nothing new."
    ),
    _("What moderators remove from the portal stays here under its tombstone, with the reason that the log gives."),
    _(
        "What the log itself erases, for someone's personal data or by a court's order, is dropped here too: its hash and the entry that erased it stay."
    ),
    _("Files of petitions are kept by the same rule, each compared with the hash that its petition's text lists."),
    _("What the portal withheld before this mirror first asked for it was never here."),
)


def about_page(frame: Frame, words: Words, keys: list[str]) -> Page:
    """The page."""
    title = words(ABOUT)
    rule = "".join(f"<li>{escape(words(sentence))}</li>" for sentence in KEEPS)
    shown = f"<dt>{escape(words(KEY))}</dt><dd><code>{escape(keys[0])}</code>{MORE if len(keys) > 1 else ''}</dd>"
    sources = "".join(f"<dt>{escape(words(SOURCE))}</dt><dd>{escape(source)}</dd>" for source in frame.sources)
    past = "".join(
        f'<dt>{escape(words(EARLIER))}</dt><dd><a href="../../log/{past_path(name)}/checkpoint">{escape(name)}</a></dd>'
        for name in frame.past
    )
    body = (
        f"<h1>{escape(title)}</h1><ul>{rule}</ul>"
        f"<h2>{escape(words(CHECK))}</h2><p>{escape(words(RUN))}</p>"
        f"<pre>script/dauys audit FOLDER --key VKEY</pre>"
        f"<dl><dt>{escape(words(LOG))}</dt><dd>{escape(frame.origin)}</dd><dt>{escape(words(ENTRIES))}</dt><dd>{grouped(frame.size)}</dd>{shown}"
        f"<dt>{escape(words(FINGERPRINT))}</dt><dd><code>{fingerprint(keys[0])}</code></dd>{past}{sources}</dl>"
    )
    return Page("about", title, body)
