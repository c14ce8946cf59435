"""A demo portal as `script/up` makes it, with a tenth of its history, and Debian's Chromium in front of it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from dauys.demo.server import Server
from journeys import offices
from programs import DAUYS, running_program

SCENE = Path(__file__).parent / "desk_scene.py"
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


@pytest.fixture
def someone(browser, portal, width):
    """Opens a browser of one's own, which shares nothing with the others; its page."""
    contexts = []

    def arrive(*, script=True, at=width):
        context = browser.new_context(
            viewport={"width": at, "height": 800}, base_url=portal.base_url, java_script_enabled=script
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        return page

    yield arrive
    for context in contexts:
        context.close()


@pytest.fixture
def official(someone):
    """Logs an official in, in a browser of their own, and opens a page; its page."""

    def at(who, path):
        page = someone()
        offices.log_in(page, who, path)
        return page

    return at


@pytest.fixture
def scene(installation):
    """Plays one of the scenes of desk_scene.py; the petition's number."""

    def play(*arguments):
        environment = installation | {"PYTHONPATH": str(SCENE.parents[1])}
        command = [sys.executable, str(SCENE), *map(str, arguments)]
        return int(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)

    return play
