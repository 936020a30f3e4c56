"""What each command may load: the light ones no mathematics, none but the app Textual."""

from __future__ import annotations

import subprocess
import sys

import pytest

COMMANDS = {
    "completion fish": ("numpy", "textual", "rich", "msgspec", "sqlite3"),
    "--version": ("argcomplete", "numpy", "textual", "rich", "msgspec", "sqlite3"),
    "--help": ("numpy", "textual", "rich", "msgspec", "sqlite3"),
    "mark --help": ("numpy", "textual", "rich", "msgspec", "sqlite3"),
    "problems": ("argcomplete", "numpy", "textual", "rich", "sqlite3"),
    "problems --json --lang ru": ("numpy", "textual", "rich", "sqlite3"),
    "solve masha": ("textual", "sqlite3"),
    "solve masha --format json": ("textual", "sqlite3"),
    "mark masha H1 1": ("textual", "sqlite3"),
    "mark masha H1 X·W1 --formula --json": ("textual", "sqlite3"),
    "check masha": ("textual", "sqlite3"),
    "generate": ("textual", "sqlite3"),
    "lesson --plain --data-dir {folder}": ("textual",),
    "quiz --plain --data-dir {folder}": ("textual",),
    "lesson": ("numpy", "textual"),
    "quiz": ("numpy", "textual"),
    "": ("numpy", "textual"),
}
"""Without a terminal, as these tests have none, the app refuses before it loads anything."""

CODE = """
import sys
from tui.__main__ import main
main(sys.argv[2:])
loaded = [name for name in sys.argv[1].split(",") if name in sys.modules]
sys.exit(f"loaded: {loaded}" if loaded else 0)
"""


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_loads_no_more_than_it_needs(line: str, tmp_path: object) -> None:
    words = line.format(folder=tmp_path).split()
    done = subprocess.run(
        [sys.executable, "-c", CODE, ",".join(COMMANDS[line]), *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
