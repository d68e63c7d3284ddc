"""What every test shares: one profile of hypothesis and one browser.

A test that takes `page` fails by itself when the page broke the Content-Security-Policy, raised
in a script or wrote an error to the console.
"""

import os
import shutil
from collections.abc import Iterator

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

# Fixtures that tests of the store and of what rests on it ask for by name.
from databases import database, empty_url, fresh, postgres, sqlite_template, template  # noqa: F401

# No deadline: two busy cores make any single example slow once. `house` is the same on every run;
# `search` looks for new examples (make soak).
settings.register_profile("house", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))

# A check leaves its memory nowhere, unless a test says where.
os.environ["TONGBAN_CACHE"] = ""

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of an installed Chromium: $CHROMIUM, else the first found; CI may not skip."""
    named = os.environ.get("CHROMIUM")
    found = next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)
    path = named or found
    if path:
        return path
    reason = "no Chromium found: install Debian's `chromium`, or set CHROMIUM to one"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


# Root may not use Chromium's sandbox; the rest keeps it from calling out of this machine.
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """A headless Chromium, one per worker."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=[*CHROMIUM_FLAGS])
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page of its own context in Chinese; its complaints fail the test."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    context.set_default_timeout(15_000)
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    opened = context.new_page()
    opened.on("console", listen)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []
