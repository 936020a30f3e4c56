"""What ends the program from outside: a signal, or a terminal that has gone. Nothing is lost by it.

The exit code is 128 and the signal's number, as a shell reports it; a terminal that has gone counts
as the hangup (SIGHUP) that should have come with it.
"""

from __future__ import annotations

import asyncio
import select
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Any

from tui.signals import HANGUP, heeded

GONE = getattr(select, "POLLHUP", 0) | getattr(select, "POLLERR", 0)


def end_from_outside(end: Callable[[int], object], driver: Any) -> None:
    """Have the running event loop call ``end`` with the number of a signal that came, and where the
    driver's terminal goes away without one."""
    loop = asyncio.get_running_loop()
    with suppress(NotImplementedError):  # on Windows
        for each in heeded():
            loop.add_signal_handler(each, end, int(each))
    if not hasattr(select, "poll") or sys.__stdin__ is None:
        return
    watch = select.poll()
    watch.register(sys.__stdin__.fileno(), 0)  # whatever is asked for, it tells of a hangup

    def wait() -> None:
        """Textual would read a terminal that is gone for ever, and wait to write to it."""
        if not any(event & GONE for _, event in watch.poll()):
            return  # this system can't watch a terminal
        loop.call_soon_threadsafe(end, HANGUP)
        writer = getattr(driver, "_writer_thread", None)
        if writer is not None:
            while writer._queue.get() is not None:
                pass  # nobody can see it, and the app would wait until it is written
            writer._queue.put(None)  # for the writer itself, should it go on

    Thread(target=wait, name="terminal", daemon=True).start()
