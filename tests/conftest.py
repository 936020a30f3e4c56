"""What holds for every test: the same examples each time, without a clock; how many at once."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("ci", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("ci")


def pytest_xdist_auto_num_workers() -> int:
    """Two for each processor: a test that plays the app mostly waits until the app is idle."""
    return 2 * (os.cpu_count() or 1)
