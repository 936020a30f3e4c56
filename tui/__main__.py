"""The program: `python -m tui` and the console script `backhand` are the same."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line, by default the program's own; returns the exit code."""
    try:
        from tui.command_line import main as run

        return run(argv)
    except KeyboardInterrupt:  # before the command line can say anything, while it is loaded
        return 130


if __name__ == "__main__":
    sys.exit(main())
