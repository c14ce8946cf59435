"""Two processes sign into one log at once: one history, everybody once."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

TESTS = Path(__file__).parents[1]
BATCHES = ["7"] * 40


def test_two_sequencers_at_once_make_one_log(make_broken):
    broken = make_broken()
    var, setting = str(broken.installation.places.var), os.environ | {"PYTHONPATH": str(TESTS)}
    command = [sys.executable, str(TESTS / "crash_victim.py"), var]
    both = [
        subprocess.Popen([*command, first, *BATCHES], env=setting, stdout=subprocess.PIPE, text=True)
        for first in ("0", "140")  # half of the people ask both, with the same request
    ]
    places = Counter()
    for process in both:
        for line in process.communicate()[0].splitlines():
            heard = json.loads(line)
            if isinstance(heard, list):
                index, number, receipt = heard
                assert broken.answers.setdefault(number, (index, receipt))[0] == index
                places[index] += 1
        assert process.returncode == 0
    broken.people = 420
    assert len(places) == broken.people == len(broken.answers)
    broken.recover()
