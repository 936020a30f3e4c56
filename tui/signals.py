"""The signals that end the program from outside, with 128 and their number as the exit code."""

from __future__ import annotations

import signal

SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
HANGUP = int(getattr(signal, "SIGHUP", signal.SIGTERM))


def heeded() -> list[signal.Signals]:
    """The signals that aren't ignored: `nohup` lets a program outlive its terminal."""
    return [each for each in SIGNALS if signal.getsignal(each) != signal.SIG_IGN]
