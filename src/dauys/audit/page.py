"""The report as one page that needs nothing else: it can be sent, printed and kept."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from dauys.audit import witnesses
from dauys.audit.naming import command, when, with_titles_html
from dauys.audit.report import (
    CHECK,
    DEMO,
    HEADINGS,
    PETITIONS,
    READ,
    REPEAT,
    VERDICTS,
    by_number,
    checked,
    not_checked,
    notes_of,
    shortened,
)  # fmt: skip
from dauys.audit.words import STATES, STEPS
from dauys.errors import catalogue
from dauys.ledger.findings import DOMAIN, said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Say = Callable[[str], str]

WHOLE = said("All of it, with its signatures")
STYLE = """
:root{--sky:#00627f;--sun:#f2b600;--ink:#17242b;--soft:#eef5f7;--bad:#a4210f;--late:#7a4d00}
*{box-sizing:border-box}body{margin:0;overflow-wrap:anywhere;font:17px/1.55 Inter,"Noto Sans",system-ui,sans-serif;color:var(--ink);background:#fff}
main{max-width:58rem;margin:0 auto;padding:1.5rem 1rem 4rem}header{border-top:8px solid var(--sky);background:var(--soft)}
header div{max-width:58rem;margin:0 auto;padding:1.5rem 1rem}h1{font-size:2rem;line-height:1.2;margin:.2rem 0}
h2{font-size:1.35rem;margin:2.4rem 0 .6rem;border-bottom:3px solid var(--sun);padding-bottom:.2rem}
.verdict{font-size:1.25rem;font-weight:700}.broken .verdict{color:var(--bad)}.figures{display:flex;flex-wrap:wrap;gap:1rem;margin:1rem 0 0;padding:0;list-style:none}
.figures li{background:#fff;padding:.6rem 1rem;min-width:9rem;border-left:4px solid var(--sky)}.figures b{display:block;font-size:1.6rem;line-height:1.2}
.found{list-style:none;padding:0}.found li{padding:.7rem 0 .7rem 1rem;border-left:5px solid var(--sky);margin:.6rem 0;background:#fafcfd;overflow-wrap:anywhere}
.found .broken{border-color:var(--bad)}.found .overdue{border-color:var(--sun)}.fine{color:#4a5a62;font-size:.9rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .6rem .35rem 0;border-bottom:1px solid #d5e0e4;vertical-align:top}
td.n,th.n{text-align:right;white-space:nowrap;overflow-wrap:normal}th{overflow-wrap:normal}code{overflow-wrap:anywhere;font-size:.85em}a{color:var(--sky)}.wide{overflow-x:auto}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--soft);padding:1rem;font-size:.85rem}
td{overflow-wrap:break-word}
@media(max-width:34rem){.lives thead{display:none}.lives tr{display:block;border-bottom:1px solid #d5e0e4;padding:.5rem 0}
.lives td{display:block;border:0;padding:.1rem 0;text-align:left}.lives td[data-name]::before{content:attr(data-name) ": "}}
@media print{header{border-color:#000}body{font-size:12px}}
"""


def as_html(report: dict[str, Any], language: str) -> str:
    """The whole page in one of LANGUAGES."""
    say = catalogue(language, DOMAIN).gettext
    title = say(said("Audit of {origin}")).format(**report)
    parts = [_head(report, say, title), "<main>", *_findings(report, say, language), _petitions(report, say)]
    parts += [_read(report, say), _witnesses(report, say), _list(say, said("What was checked"), checked(report))]
    parts += [_list(say, said("What was not checked"), not_checked(report)), _repeat(report, say), "</main>"]
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width,initial-scale=1"><title>{escape(title)}</title><style>{STYLE}</style></head>'
        f"<body>{''.join(parts)}</body></html>\n"
    )


def _head(report: dict[str, Any], say: Say, title: str) -> str:
    figures = [
        (report["size"], say(said("entries read"))), (report["broken"], say(said("broken rules"))),
        (report["overdue"], say(said("are late"))), (len(report["petitions"]), say(said("petitions"))),
    ]  # fmt: skip
    items = "".join(f"<li><b>{_number(figure)}</b>{escape(name)}</li>" for figure, name in figures)
    demo = f"<p><strong>{escape(say(DEMO))}</strong></p>"
    return (
        f'<header class="{"sound" if report["sound"] else "broken"}"><div><h1>{escape(title)}</h1>'
        f'<p class="verdict">{escape(say(VERDICTS[report["sound"]]))}</p>{demo if report["mode"] == "demo" else ""}'
        f'<ul class="figures">{items}</ul><p class="fine">{escape(when(report, say))}</p></div></header>'
    )


def _findings(report: dict[str, Any], say: Say, language: str) -> Iterable[str]:
    for kind, heading in HEADINGS.items():
        found = [finding for finding in report["findings"] if finding["kind"] == kind]
        if found:
            items = "".join(_finding(finding, report, say, language) for finding in shortened(found, report["more"]))
            yield f'<h2>{escape(say(heading))}</h2><ul class="found">{items}</ul>'


def _finding(finding: dict[str, Any], report: dict[str, Any], say: Say, language: str) -> str:
    links, page = finding["links"], f"{report['portal']}/{language}/petitions/{{number}}" if report["portal"] else ""
    sentence = with_titles_html(finding["sentence"][language], report, language, page)
    fine = [f"<code>{escape(finding['code'])}</code>"]
    if finding["index"] is not None:
        name = escape(say(said("entry {index} of the log")).format(**finding))
        address = links.get("entry", "")
        fine.append(f'<a href="{escape(address)}">{name}</a>' if address.startswith("http") else name)
    return f'<li class="{finding["kind"]}">{sentence}<br><span class="fine">{" · ".join(fine)}</span></li>'


def _petitions(report: dict[str, Any], say: Say) -> str:
    heads = (said("Petition"), said("Where it stands"), said("Signatures"), said("Of them final"))
    rows = []
    for subject, state in sorted(report["petitions"].items(), key=lambda item: by_number(item[0])):
        title = report["titles"].get(subject, "")
        count, final = report["counts"].get(subject, 0), report["final"].get(subject, 0)
        name = f'{escape(title)}<br><span class="fine">{escape(subject)}</span>' if title else escape(subject)
        numbers = "".join(
            f'<td class="n" data-name="{escape(say(head))}">{_number(number)}</td>'
            for head, number in zip(heads[2:], (count, final), strict=True)
        )
        rows.append(f"<tr><td>{name}</td><td>{escape(say(STATES[state]))}</td>{numbers}</tr>")
    return f'<h2>{escape(say(PETITIONS))}</h2><div class="lives">{_table(say, heads, rows)}</div>'


def _read(report: dict[str, Any], say: Say) -> str:
    rows = [
        f'<tr><td>{escape(say(STEPS[kind]) if kind in STEPS else kind)}<br><code>{escape(kind)}</code></td><td class="n">{_number(count)}</td></tr>'
        for kind, count in sorted(report["entries_by_kind"].items())
    ]
    heads = (said("Kind of entry"), said("Number"))
    texts = say("Texts hashed again: {texts}; withheld: {count}.").format(count=len(report["texts_withheld"]), **report)
    pages = say(
        "Counts of pages and files compared: {portal_counts_compared}; kept checkpoints and receipts: {known_compared}."
    ).format(**report)
    table = _table(say, heads, rows)
    return f"<h2>{escape(say(READ))}</h2>{table}<p>{escape(texts)}</p><p>{escape(pages)}</p>"


def _witnesses(report: dict[str, Any], say: Say) -> str:
    lines = witnesses.as_lines(report["witnesses"], report["audited"], say)
    said_ = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return f"<h2>{escape(say(witnesses.HEADING))}</h2>{said_}"


def _table(say: Say, heads: tuple[str, ...], rows: list[str]) -> str:
    """The first column is text, and so is the second of more than two."""
    texts = 1 if len(heads) == 2 else 2
    head = "".join(
        f'<th{"" if place < texts else " class=n"} scope="col">{escape(say(name))}</th>'
        for place, name in enumerate(heads)
    )
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'


def _list(say: Say, heading: str, sentences: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(say(sentence))}</li>" for sentence in sentences)
    return f"<h2>{escape(say(heading))}</h2><ul>{items}</ul>"


def _repeat(report: dict[str, Any], say: Say) -> str:
    shown = "".join(_note(note, say) for note in notes_of(report))
    return f"<h2>{escape(say(CHECK))}</h2><p>{escape(say(REPEAT))}</p>{shown}<pre>{escape(command(report))}</pre>"


def _note(note: str, say: Say) -> str:
    """What a checkpoint says in the open; its signatures, of which some have thousands of letters, folded."""
    text, _, signatures = note.partition("\n\n")
    folded = f"<summary>{escape(say(WHOLE))}</summary><pre>{escape(note)}</pre>"
    return f"<pre>{escape(text)}</pre>" + (f"<details>{folded}</details>" if signatures else "")


def _number(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f")
