"""The pages of a mirror: every petition, searchable without a server, made from the log and the texts alone.

index.html                       the door, in three languages
<language>/index.html            all petitions, newest first, and the search; list/<n>/ goes on
<language>/petitions/<n>/        one petition: where it stands, its text or tombstone, every step with its entry
<language>/about/                what a mirror is, its rule, how to check it
petitions/<n>/count.json         the count as the portal gives it
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from html import escape
from importlib import resources

from dauys.ledger.attached import split_files
from dauys.ledger.leaves import PetitionOpened
from dauys.ledger.petition_leaves import Submitted, Translation, counting_texts, translations_of
from dauys.mirror.about import about_page
from dauys.mirror.addresses import addresses_page
from dauys.mirror.file_section import file_section
from dauys.mirror.files import FileFolder
from dauys.mirror.markup import Frame, Page, grouped, paragraphs, shown_moment
from dauys.mirror.record import Petition, Record
from dauys.mirror.texts import TextFolder
from dauys.mirror.words import NAMES, STATES, TIERS, Words, reason_words, removal_of, state_of, step_words
from dauys.translog.addresses import Addresses

_ = str
PETITIONS = _("Petitions of this mirror")
SEARCH = _("Search in titles and texts, also without the Kazakh letters")
ONE_LANGUAGE = _(
    "Each petition stands here in the language in which it was signed: search with words of that language."
)
FOUND = _("Found: %(number)s")
SIGNATURES = _("Signatures")
TEXT = _("The text")
HAPPENED = _("What has happened")
NOT_YET = _("This text is not public yet.")
READ = _("Read the text")
ON_A_PAGE = 500
SNIPPET = 600  # letters of a text that the search reads
LONG = 400  # letters from which on a text of a step is folded


class Pages:
    """Renders pages as (path, content) pairs; nothing here writes."""

    def __init__(
        self, frame: Frame, record: Record, texts: TextFolder, files: FileFolder, keys: list[str],
        addresses: Addresses | None,
    ) -> None:  # fmt: skip
        self.frame, self.record, self.texts, self.files = frame, record, texts, files
        self.keys, self.addresses = keys, addresses

    def shared(self) -> Iterator[tuple[str, str]]:
        """Everything but the pages of single petitions."""
        for name in ("mirror.css", "search.js", "age.js", "icon.svg"):
            yield name, (resources.files("dauys.mirror") / "static" / name).read_text("utf-8")
        yield "index.html", self._door()
        for language in NAMES:
            words = Words(language)
            yield f"{language}/petitions.js", self._index(words)
            for page in (*self._lists(words), self._about(words), addresses_page(self.addresses, words)):
                yield self._file(page, words)

    def _about(self, words: Words) -> Page:
        return about_page(self.frame, words, self.keys)

    def petitions(self, subjects: Iterable[str]) -> Iterator[tuple[str, str]]:
        """The pages and the count of each subject that is a petition."""
        for subject in subjects:
            petition = self.record.petitions.get(subject)
            if petition is not None:
                yield f"petitions/{petition.number}/count.json", self._count(subject)
                for language in NAMES:
                    words = Words(language)
                    yield self._file(self._petition(petition, words), words)

    def _file(self, page: Page, words: Words) -> tuple[str, str]:
        inner = f"{page.path}/" if page.path else ""
        return f"{words.language}/{inner}index.html", self.frame.render(page, words)

    def _count(self, subject: str) -> str:
        standing, final = self.record.counts(subject)
        count = {
            "final": sum(final.values()),
            "signatures": sum(standing.values()),
            "size": self.record.size,
            "subject": subject,
        }
        return json.dumps(count, separators=(",", ":"))

    # ---- Lists ----

    def _door(self) -> str:
        links = "".join(
            f'<li lang="{code}"><a href="{code}/index.html">{name}</a><p class="fine">{escape(Words(code)(PETITIONS))}</p></li>'
            for code, name in NAMES.items()
        )
        banners = "".join(f'<div lang="{code}">{self.frame.banner(Words(code))}</div>' for code in NAMES)
        return (
            '<!DOCTYPE html>\n<html lang="kk"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<title>{escape(self.frame.origin)}</title><link rel="stylesheet" href="mirror.css"><link rel="icon" href="icon.svg"></head><body><header>{banners}<div class="row">'
            f'<span class="name">{escape(self.frame.origin)}</span></div></header><main><ul class="list">{links}</ul></main></body></html>\n'
        )

    def _newest_first(self) -> list[Petition]:
        return sorted(self.record.petitions.values(), key=lambda petition: -petition.number)

    def _lists(self, words: Words) -> Iterator[Page]:
        every = self._newest_first()
        last = max(1, -(-len(every) // ON_A_PAGE))
        for number in range(1, last + 1):
            part = every[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
            path = "" if number == 1 else f"list/{number}"
            up = "" if number == 1 else "../../"
            title = words(PETITIONS)
            items = "".join(f"<li>{self._line(each, words, up)}</li>" for each in part)
            search = self._search_box(words) if number == 1 else ""
            yield Page(
                path,
                title,
                f'<h1>{escape(title)}</h1>{search}<ul class="list" id="petitions">{items}</ul>{_turning(number, last, words, up)}{_scripts(number)}',
            )

    def _search_box(self, words: Words) -> str:
        found = escape(words(FOUND, number="%"))
        return (
            f'<label class="search" hidden>{escape(words(SEARCH))}'
            f'<input id="search" type="search" autocomplete="off"></label><p class="fine">{escape(words(ONE_LANGUAGE))}</p><p id="found" class="fine" role="status" data-words="{found}"></p>'
        )

    def _line(self, petition: Petition, words: Words, up: str) -> str:
        link, title = f"{up}petitions/{petition.number}/index.html", escape(self._title(petition, words))
        lang = f' lang="{petition.opened.language}"' if petition.opened else ""
        return f'<a href="{link}"{lang}>{title}</a><p class="fine">{escape(self._fine(petition, words))}</p>'

    def _fine(self, petition: Petition, words: Words) -> str:
        """State, signatures and number in a line."""
        signatures = sum(self.record.counts(petition.subject)[0].values())
        parts = [
            self._state(petition, words),
            f"{words(SIGNATURES)}: {grouped(signatures)}",
            f"№\u00a0{petition.number}",
        ]
        return " · ".join(parts)

    def _index(self, words: Words) -> str:
        rows = [
            [
                f"petitions/{each.number}/index.html",
                self._title(each, words),
                self._fine(each, words),
                self._own_text(each)[:SNIPPET],
            ]
            for each in self._newest_first()
        ]
        return f"window.PETITIONS = {json.dumps(rows, ensure_ascii=False, separators=(',', ':'))};\n"

    # ---- One petition ----

    def _own_text(self, petition: Petition) -> str:
        """Its words, without the list of its files."""
        return split_files(self.texts.read(petition.text_sha256) or "")[0]

    def _title(self, petition: Petition, words: Words) -> str:
        if petition.text_sha256 in self.record.erased:
            return words(_("Petition No. %(number)s: its text is erased"), number=petition.number)
        opened = petition.opened
        title = opened.title if opened else self._own_text(petition).partition("\n")[0]
        return title or words(_("Petition No. %(number)s"), number=petition.number)

    def _state(self, petition: Petition, words: Words) -> str:
        return words(STATES[state_of(leaf for _index, leaf in petition.steps)])

    def _petition(self, petition: Petition, words: Words) -> Page:
        title = self._title(petition, words)
        language = petition.opened.language if petition.opened else ""
        lang = f' lang="{language}"' if language else ""
        body = (
            f'<h1{lang}>{escape(title)}</h1><p><span class="tag">{escape(self._state(petition, words))}</span></p>'
            f"{self._tombstone(petition, words)}{self._facts(petition, words)}"
            f"<h2>{escape(words(TEXT))}</h2>{self._text(petition, language, words)}"
            f'<h2>{escape(words(HAPPENED))}</h2><ol class="steps">{"".join(self._steps(petition, words))}</ol>'
        )
        return Page(f"petitions/{petition.number}", title, body)

    def _tombstone(self, petition: Petition, words: Words) -> str:
        removed = removal_of(leaf for _index, leaf in petition.steps)
        if removed is None or petition.removed is None:
            return ""
        reason = reason_words(words, self._rules(petition), removed.reason)
        said = words(
            _(
                "Moderators removed this petition from the portal. The log keeps the reason, and this mirror keeps what was public."
            )
        )
        return f'<div class="tombstone"><p><strong>{escape(said)}</strong></p><p>{shown_moment(removed.moment)}: {escape(reason)}</p></div>'

    def _rules(self, petition: Petition) -> str:
        own = [leaf.rules for _index, leaf in petition.steps if isinstance(leaf, PetitionOpened | Submitted)]
        return own[-1] if own else ""

    def _facts(self, petition: Petition, words: Words) -> str:
        standing, final = self.record.counts(petition.subject)
        rows = [
            (words(SIGNATURES), grouped(sum(standing.values()))),
            (words(_("of them final")), grouped(sum(final.values()))),
        ]
        rows += [(words(TIERS.get(tier, tier)), grouped(count)) for tier, count in sorted(standing.items())]
        opened = petition.opened
        if opened:
            rows += [(words(_("Needed")), grouped(opened.threshold)), (words(_("Addressee")), opened.addressee),
                     (words(_("Signing")), f"{opened.opens[:10]} – {opened.closes[:10]}"), (words(_("Rules")), opened.rules)]  # fmt: skip
        rows.append((words(_("SHA-256 of the text")), petition.text_sha256))
        return "<dl>" + "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows) + "</dl>"

    def _text(self, petition: Petition, language: str, words: Words) -> str:
        digest, text = petition.text_sha256, self._own_text(petition)
        if text:
            own = text.partition("\n\n")[2] or text  # the title stands above
            files = file_section(self.files.listed(digest), self.files, self.record, words)
            return paragraphs(own, language) + files
        return self._absent(digest, self._rules(petition), words)

    def _absent(self, digest: str, rules: str, words: Words) -> str:
        """Why a text is not here."""
        if digest in self.record.erased:
            index, reason = self.record.erased[digest]
            said = words(
                _("The log erased this text (entry No. %(index)s, %(reason)s). Its hash stays."),
                index=index,
                reason=reason,
            )
            return f'<p class="tombstone">{escape(said)}</p>'
        if reason := self.texts.withheld(digest) or "":
            said = words(
                _("The portal withheld this text before this mirror first asked for it: %(reason)s"),
                reason=reason_words(words, rules, reason),
            )
            return f'<p class="tombstone">{escape(said)}</p>'
        return f'<p class="fine">{escape(words(NOT_YET))}</p>'

    def _steps(self, petition: Petition, words: Words) -> Iterator[str]:
        rules = self._rules(petition)
        for index, leaf in petition.steps:
            moment = leaf.opens if isinstance(leaf, PetitionOpened) else leaf.moment
            entry = escape(words(_("entry No. %(index)s"), index=index))
            codes = [*getattr(leaf, "reasons", []), *([leaf.reason] if hasattr(leaf, "reason") else [])]
            reasons = "".join(f"<p>{escape(reason_words(words, rules, code))}</p>" for code in codes)
            said = "".join(self._said(digest, rules, words) for digest in counting_texts(leaf))
            said += "".join(self._translated(each, rules, words) for each in translations_of(leaf))
            yield f'<li><strong>{escape(step_words(words, leaf))}</strong><p class="fine">{shown_moment(moment)} · {entry}</p>{reasons}{said}</li>'

    def _translated(self, each: Translation, rules: str, words: Words) -> str:
        head = escape(words(_("The office’s own translation (%(language)s):"), language=NAMES[each.language]))
        return f'<p class="fine">{head}</p><div lang="{each.language}">{self._said(each.text, rules, words)}</div>'

    def _said(self, digest: str, rules: str, words: Words) -> str:
        text = self.texts.read(digest)
        if text is None:
            return self._absent(digest, rules, words)
        if len(text) < LONG:
            return paragraphs(text)
        return f"<details><summary>{escape(words(READ))}</summary>{paragraphs(text)}</details>"


def _turning(number: int, last: int, words: Words, up: str) -> str:
    if last == 1:
        return ""
    links = [(number - 1, words(_("Newer"))), (number + 1, words(_("Older")))]
    shown = [
        f'<a href="{up}{"" if to == 1 else f"list/{to}/"}index.html">{escape(name)}</a>'
        for to, name in links
        if 1 <= to <= last
    ]
    return f"<p>{' · '.join(shown)}</p>"


def _scripts(number: int) -> str:
    return '<script src="petitions.js"></script><script src="../search.js"></script>' if number == 1 else ""
