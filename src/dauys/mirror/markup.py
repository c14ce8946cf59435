"""The frame of a mirror's pages: one sheet of style, no font, no picture and no address of another site."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from dauys.mirror.words import NAMES, Words

_ = str
HERE = ' aria-current="true"'
DEMO = _("A demonstration: people and petitions are made up, nothing here has legal force.")
MIRROR = _("Mirror")
SKIP = _("Skip to the content")
LANGUAGE = _("Language")
ABOUT = _("What this mirror is, and its rule")
ADDRESSES = _("True addresses")
REACHED = _("Source last reached {reached}; newest checkpoint stored here {newest}.")
OLD = _("Source last reached {reached}: what came since is missing here. Newest checkpoint stored here {newest}.")
MADE = _("This page was made %(moment)s; newer entries may be missing.")
FOLLOWS = _("Everything here follows from the log, which anyone can check:")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of one language: its path in that language's folder (`petitions/12`, or empty), its title and inner HTML."""

    path: str
    title: str
    body: str

    @property
    def up(self) -> str:
        """The way to the mirror's own folder."""
        return "../" * (1 + (self.path.count("/") + 1 if self.path else 0))


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page of a mirror says: of which log it is a copy, and how large the log was then."""

    origin: str
    size: int
    demo: bool
    sources: tuple[str, ...]
    past: tuple[str, ...] = ()  # names of logs that this one continues
    made: str = ""  # when the page was made, for who reads it without scripts

    def render(self, page: Page, words: Words) -> str:
        """A whole HTML page."""
        up, language, inner = page.up, words.language, f"{page.path}/" if page.path else ""
        others = " ".join(
            f'<a href="{up}{code}/{inner}index.html" lang="{code}" hreflang="{code}"{HERE if code == language else ""}>{name}</a>'
            for code, name in NAMES.items()
        )
        return f"""<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(page.title)} · {_t(words, MIRROR)}</title>
<link rel="stylesheet" href="{up}mirror.css">
<link rel="icon" href="{up}icon.svg">
</head>
<body>
<a class="skip" href="#main">{_t(words, SKIP)}</a>
<header>{self.banner(words)}<div class="row"><a class="name" href="{up}{language}/index.html">{_t(words, MIRROR)}<small>{escape(self.origin)}</small></a>
<nav aria-label="{_t(words, LANGUAGE)}">{others}</nav></div></header>
<p class="notice">{self._notice(words)} <a href="{up}{language}/about/index.html">{_t(words, ABOUT)}</a></p>
<p class="notice" id="age" data-words="{_t(words, REACHED)}" data-old="{_t(words, OLD)}">{_t(words, MADE, moment=self.made)}</p>
<main id="main">
{page.body}
</main>
<footer><p><a href="{up}{language}/domains/index.html">{_t(words, ADDRESSES)}</a></p><p>{_t(words, FOLLOWS)} <a href="{up}log/checkpoint">checkpoint</a>, <a href="{up}log/counts.json">counts.json</a>, <a href="{up}mirror.json">mirror.json</a></p></footer>
<script src="{up}reached.js"></script><script src="{up}age.js"></script>
</body>
</html>
"""

    def banner(self, words: Words) -> str:
        """That it is a demo, if it is one."""
        return f'<p class="demo"><strong>DEMO</strong> {_t(words, DEMO)}</p>' if self.demo else ""

    def _notice(self, words: Words) -> str:
        return _t(
            words, _("This is a mirror, not the portal: a copy of the public log %(origin)s with its first %(size)s entries."),
            origin=self.origin, size=grouped(self.size),
        )  # fmt: skip


def _t(words: Words, message: str, **facts: object) -> str:
    return escape(words(message, **facts))


def grouped(number: int) -> str:
    """A number with thin spaces between its thousands."""
    return f"{number:,}".replace(",", "\u202f")


def shown_moment(moment: str) -> str:
    """A moment of a leaf for people, in universal time."""
    return f'<time datetime="{escape(moment)}">{escape(moment[:10])} {escape(moment[11:16])} UTC</time>'


def paragraphs(text: str, language: str = "") -> str:
    """A public text as it was written: its paragraphs, its lines."""
    lang = f' lang="{language}"' if language else ""
    parts = [part.strip() for part in text.strip().split("\n\n") if part.strip()]
    return f'<div class="text"{lang}>' + "".join(f"<p>{escape(part)}</p>" for part in parts) + "</div>"
