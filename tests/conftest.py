"""What every test shares: one profile of hypothesis and the one way to find a browser."""

import os
import shutil

import pytest
from hypothesis import settings

# No deadline: two busy cores make any single example slow once. `house` is the same on every run;
# `search` looks for new examples (make soak).
settings.register_profile("house", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))

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
