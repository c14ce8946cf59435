"""A worker that writes to many followers is killed (SIGKILL) at random moments: everybody hears, and nobody twice.

But for the one letter that is in flight when it is killed. The mail server is a sink on loopback, which counts.
"""

import os
import random
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

SAMPLE, WHOLE = (2_000, 4), (1_000_000, 10)  # (recipients, kills)
PROGRAM = Path(__file__).with_name("letters_worker.py")
RECIPIENT = re.compile(rb"RCPT TO:<f(\d+)@example\.kz>", re.IGNORECASE)


class Sink:
    """A mail server that takes everything from one client at a time and counts the letters of each recipient."""

    def __init__(self, recipients):
        self.taken, self.letters, self.connections = bytearray(recipients), 0, 0
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            client, _ = self.server.accept()
            self.connections += 1
            with client, client.makefile("rb") as lines:
                try:
                    self.converse(iter(lines.readline, b""), client.sendall)
                except OSError:
                    continue  # the worker was killed

    def converse(self, lines, answer):
        recipient = None
        answer(b"220 sink\r\n")
        for line in lines:
            if found := RECIPIENT.match(line):
                recipient = int(found[1])
            if line[:4].upper() == b"DATA":
                answer(b"354 go on\r\n")
                for part in lines:
                    if part == b".\r\n":
                        self.taken[recipient] += 1  # what it took before its yes was heard is in flight
                        self.letters += 1
                        break
            answer(b"221 bye\r\n" if line[:4].upper() == b"QUIT" else b"250 ok\r\n")


def program(*arguments, **options):
    environment = os.environ | {"DAUYS_MODE": "demo", "PYTHONPATH": str(PROGRAM.parents[1])}
    return subprocess.Popen([sys.executable, str(PROGRAM), *map(str, arguments)], env=environment, **options)


def killed_at(var, sink, moments):
    """Runs workers until one ends by itself; each of the others is killed once so many letters went."""
    for moment in moments:
        worker = program("post", var, sink.port)
        while sink.letters < moment and worker.poll() is None:
            time.sleep(0.005)
        worker.kill()
        worker.wait()
    assert program("post", var, sink.port).wait() == 0


@pytest.mark.long
def test_everybody_hears_once_however_often_the_worker_is_killed(long, capsys):
    recipients, kills = WHOLE if long else SAMPLE
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    prepared = program("prepare", recipients, stdout=subprocess.PIPE)
    var = prepared.communicate()[0].decode().strip()
    try:
        sink, begun = Sink(recipients), time.monotonic()
        killed_at(var, sink, sorted(chance.randrange(1, recipients) for _ in range(kills)))
        seconds = time.monotonic() - begun
    finally:
        shutil.rmtree(var)
    twice = sink.letters - recipients
    with capsys.disabled():
        print(
            f"\nletters: {recipients} recipients, {kills} kills, seed {seed}: {seconds:.0f} s, {recipients / seconds:.0f} a second, "
            f"{twice} went twice, {sink.connections} connections"
        )
    assert sink.taken.count(0) == 0
    assert 0 <= twice <= kills
    assert max(sink.taken) <= 2
