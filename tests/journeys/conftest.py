"""A demo portal as `script/up` makes it, with a tenth of its history, and Debian's Chromium in front of it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from dauys.demo.server import Server
from programs import DAUYS, running_program

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def installation(tmp_path_factory):
    """The environment of a prepared demo country."""
    var = tmp_path_factory.mktemp("portal") / "var"
    environment = os.environ | {"DAUYS_VAR": str(var), "DAUYS_MODE": "demo"}
    subprocess.run([*DAUYS, "demo", "prepare", "--share", "0.1"], env=environment, check=True, capture_output=True)
    return environment


@pytest.fixture(scope="session")
def phone(installation):
    """The address of `dauys demo phone`."""
    with running_program(installation, "phone") as url:
        yield url


@pytest.fixture(scope="session")
def ncalayer(installation):
    """The address of `dauys demo ncalayer`."""
    with running_program(installation, "ncalayer") as url:
        yield url


@pytest.fixture(scope="session")
def portal(installation, phone, ncalayer):
    environment = {"DAUYS_DEMO_PHONE": phone, "DAUYS_DEMO_NCALAYER": ncalayer}
    with Server(Path(installation["DAUYS_VAR"]), environment=environment) as server:
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
