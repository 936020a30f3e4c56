"""`kill -9` while answering: the short form of `python -m tests.fuzz kills`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGKILL")
def test_no_answer_whose_verdict_was_said_is_lost_by_a_kill() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "kills", "--count", "25", "--seed", "3"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("25 kills")
