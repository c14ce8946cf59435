"""An operator who shows people or programs another count than the log holds is found, wherever it is shown."""

import json
import re

import httpx
import pytest

from dauys.audit.report import build
from dauys.audit.run import Audit
from dauys.cli.sources import AddressSource
from made_logs import found

PAGE = """
<p class="count" data-tree-size="{size}"><strong>{signatures}</strong></p>
<progress class="bar bar--large" max="50000" value="{final}">1%</progress>
"""


class Portal:
    """Shows a log's counts as a portal does; `lies` are added to what one of its answers shows."""

    def __init__(self, log, lies=()):
        self.log, self.lies, self.counts = log, dict(lies), log.counts()

    def numbers(self, subject, where):
        standing, final = (sum(self.counts[which].get(subject, {}).values()) for which in ("subjects", "final"))
        extra = self.lies.get(where, (0, 0))
        return {"size": self.counts["size"], "signatures": standing + extra[0], "final": final + extra[1]}

    def answer(self, request):
        path = request.url.path
        if path.startswith("/log/"):
            file = self.log.folder / path.removeprefix("/log/")
            if file.is_file():
                return httpx.Response(200, content=file.read_bytes())
            reason = file.with_suffix(".withheld")
            facts = {"facts": {"reason": reason.read_text().strip()}} if reason.is_file() else None
            return httpx.Response(410, json=facts) if facts else httpx.Response(404)
        if path == "/petitions.csv":
            rows = [(subject.rpartition("/")[2], self.numbers(subject, "csv")) for subject in self.counts["subjects"]]
            lines = [f"{number},{row['signatures']},{row['final']},{row['size']}" for number, row in rows]
            return httpx.Response(200, text="\n".join(["number,signatures,final,tree_size", *lines]))
        return self.of_petition(path)

    def of_petition(self, path):
        subject = f"petition/{re.search(r'[0-9]+', path)[0]}"
        if path.endswith("count.json"):
            return httpx.Response(200, json=self.numbers(subject, "count"))
        if path.endswith(".json"):
            row = self.numbers(subject, "json")
            facts = {
                "tree_size": row["size"],
                "published_signatures": row["signatures"],
                "published_final": row["final"],
            }
            return httpx.Response(200, text=json.dumps(facts))
        row = self.numbers(subject, "page")
        return httpx.Response(
            200, text=PAGE.format(**row | {"signatures": f"{row['signatures']:,}".replace(",", "\u202f")})
        )

    def audit(self):
        client = httpx.Client(transport=httpx.MockTransport(self.answer))
        return build(Audit(AddressSource("https://portal.example", client), [self.log.signer.verifier]).run())


def test_a_portal_that_shows_what_the_log_holds(log):
    report = Portal(log).audit()
    assert (found(report), report["portal_counts_compared"]) == ([], 4 * len(log.counts()["subjects"]))


@pytest.mark.parametrize(("where", "named"), [
    ("count", "count.json"), ("json", "1.json"), ("page", "the page"), ("csv", "petitions.csv"),
])  # fmt: skip
@pytest.mark.parametrize("lie", [(1000, 0), (-1, 0), (0, 1)])
def test_another_count_is_found_where_it_is_shown(log, where, named, lie):
    report = Portal(log, {where: lie}).audit()
    wrong = [each for each in report["findings"] if each["kind"] == "broken"]
    assert {each["code"] for each in wrong} == {"count-differs"}
    assert {each["subject"] for each in wrong} == set(log.counts()["subjects"])
    first = next(each for each in wrong if each["subject"] == "petition/1")
    assert first["facts"]["what"] == named
    assert int(first["facts"]["shown"]) - int(first["facts"]["held"]) == sum(lie)
