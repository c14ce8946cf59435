"""What anyone sees on the public page of a petition, and what `dauys` says of the log behind it."""

import json
import re
import subprocess
import time

from programs import DAUYS

PATIENCE = 45  # seconds: lists of revoked keys come every 20, the worker looks at the clock every 3


class PublicPage:
    """One petition's page, read anew each time it is asked."""

    def __init__(self, page, language, number):
        self.page, self.address = page, f"/{language}/petitions/{number}"

    def standing(self):
        """State, turn, due, left, over, reasons, reviewLeft … as the page carries them."""
        self.page.goto(self.address)
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.page.viewport_size["width"]
        return self.page.locator(".clocks").evaluate("clocks => ({...clocks.dataset})")

    def wait_for(self, state, **facts):
        """The standing once the page shows that state and these facts: pages live a second, the worker takes some."""
        wanted = facts | {"state": state}
        self._wait(lambda: {name: said for name, said in self.standing().items() if name in wanted}, wanted)
        return self.standing()

    def wait_for_count(self, count):
        """Until the page shows that many signatures."""
        self._wait(lambda: self.standing() and self.count(), count)

    def _wait(self, read, wanted):
        until = time.monotonic() + PATIENCE
        while (found := read()) != wanted:
            assert time.monotonic() < until, f"still {found}, not {wanted}"
            time.sleep(0.5)

    def text(self):
        """What the page says, as last read."""
        return self.page.locator("main").inner_text()

    def count(self):
        """Signatures shown, as last read."""
        return int(re.sub(r"\D", "", self.page.locator(".count strong").first.inner_text()))

    def history(self):
        """The kinds of its steps as last read, the first one first."""
        steps = self.page.locator(".timeline li").evaluate_all("steps => steps.map(step => step.dataset.kind)")
        return steps[::-1]

    def is_listed(self, words):
        """Whether the public search finds it."""
        self.page.goto(f"{self.address.rpartition('/')[0]}/?q={words}")
        return self.page.locator(f".cards a[href='{self.address}']").count() == 1


def citizens_sign(environment, portal, number, count, first):
    """That many citizens sign over HTTP, each with their own key, as `dauys replay` has them do."""
    command = [*DAUYS, "replay", "--url", portal.base_url, "--petition", str(number), "--signatures", str(count)]
    command += ["--first-citizen", str(first), "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["acknowledged"] == count


def audited(environment, portal):
    """`dauys audit` of the public log, as plain values."""
    done = subprocess.run(
        [*DAUYS, "audit", portal.base_url, "--json"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)
