"""A demo portal as `script/up` makes it, with a fiftieth of its history, and Debian's Chromium in front of it."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import sync_playwright

from dauys.demo.server import Server, free_port

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


DAUYS = [sys.executable, "-m", "dauys.cli.main"]


@pytest.fixture(scope="session")
def installation(tmp_path_factory):
    """The environment of a prepared demo country."""
    var = tmp_path_factory.mktemp("portal") / "var"
    environment = os.environ | {"DAUYS_VAR": str(var), "DAUYS_MODE": "demo"}
    subprocess.run([*DAUYS, "demo", "prepare", "--share", "0.02"], env=environment, check=True, capture_output=True)
    return environment


@pytest.fixture(scope="session")
def phone(installation):
    """The address of `dauys demo phone`."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen([*DAUYS, "demo", "phone", "--port", str(port)], env=installation)
    until = time.monotonic() + 30
    while not answers(url):
        assert process.poll() is None and time.monotonic() < until, "the demo phone did not come up"  # noqa: PT018
        time.sleep(0.1)
    yield url
    process.terminate()
    process.wait(30)


def answers(url):
    try:
        return httpx.get(url, timeout=2).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


@pytest.fixture(scope="session")
def portal(installation, phone):
    with Server(Path(installation["DAUYS_VAR"]), environment={"DAUYS_DEMO_PHONE": phone}) as server:
        yield server


@pytest.fixture(
    scope="module"
)  # while it is open a loop runs in this thread, which Django's tests of other modules refuse
def browser():
    if CHROMIUM is None:
        pytest.skip("Debian's chromium is not installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=[1280, 360], ids=["desktop", "phone"])
def width(request):
    return request.param


@pytest.fixture
def page(browser, portal, width):
    context = browser.new_context(
        viewport={"width": width, "height": 800}, base_url=portal.base_url, accept_downloads=True
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


@pytest.fixture
def plain_page(browser, portal):
    """A phone with JavaScript off."""
    context = browser.new_context(
        viewport={"width": 360, "height": 800}, base_url=portal.base_url, java_script_enabled=False
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()
