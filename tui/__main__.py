"""The program: `python -m tui` and the console script `backhand` are the same."""

from __future__ import annotations

import sys

from tui.command_line import main

if __name__ == "__main__":
    sys.exit(main())
