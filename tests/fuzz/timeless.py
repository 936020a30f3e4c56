"""An event loop whose time passes only where nothing is left to do: no wait takes any time.

Timers fire in their order, each as late as it asked for, and how busy the machine is changes
nothing. What doesn't come to rest is found by counting, not by a clock.
"""

from __future__ import annotations

import asyncio
import gc
import selectors
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from typing import Any, TypeVar
from unittest.mock import patch

from textual.message_pump import MessagePump

T = TypeVar("T")

MOST_TURNS = 200_000
"""Turns of the loop without a moment's rest, after which it is taken as going round for ever."""

LONGEST_SILENCE = 60.0
"""Seconds of the wall clock that something outside of the loop, a thread, may keep it waiting."""

CLOCKS = ("_time.get_time", "message_pump.time", "command.monotonic", "notifications.time")
"""Where Textual looks at a clock for when to do what."""


class StuckError(AssertionError):
    """It doesn't come to rest, or never answers."""


class _Selector(selectors.DefaultSelector):
    """Asks what is ready, and lets the loop's own time pass where nothing is."""

    loop: TimelessLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready; never waits for a timer."""
        if timeout is None:  # no timer, nothing to do: only a thread can go on
            ready = super().select(LONGEST_SILENCE)
            if not ready:
                raise StuckError("everything waits for something that never comes")
            return ready
        ready = super().select(0)
        if timeout > 0 and not ready:
            self.loop.now += timeout
            self.loop.turns = 0
        else:
            self.loop.turns += 1
            if self.loop.turns > MOST_TURNS:
                self.loop.turns = 0
                raise StuckError(f"no rest after {MOST_TURNS} turns of the event loop")
        return ready


class TimelessLoop(asyncio.SelectorEventLoop):
    """See the module's text; ``now`` are its seconds."""

    def __init__(self) -> None:
        selector = _Selector()
        selector.loop = self
        self.now = 0.0
        self.turns = 0
        self.faults: list[Exception] = []
        """What tasks raised that nobody waits for."""
        self.kept: set[asyncio.Task[Any]] = set()
        """A widget whose screen was left while it was made waits for ever, until it is collected
        as garbage, at any moment; here it waits until the end."""
        super().__init__(selector)
        self.set_exception_handler(self._note)

    def time(self) -> float:
        """The loop's own time."""
        return self.now

    def create_task(self, coro: Any, **options: Any) -> asyncio.Task[Any]:
        """A task that lives until it is done."""
        task = super().create_task(coro, **options)
        self.kept.add(task)
        task.add_done_callback(self.kept.discard)
        return task

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., T], *args: Any
    ) -> asyncio.Future[T]:
        """What would run in a thread runs here and now: threads come back at any moment."""
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:
            future.set_exception(error)
        return future

    def _note(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self.faults.append(context.get("exception") or AssertionError(context.get("message")))


@contextmanager
def rare_collections() -> Iterator[None]:
    """Look for garbage less often: with Textual's many objects that saves a quarter of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.collect()


def _numbered(numbers: Iterator[int]) -> Callable[[MessagePump], int]:
    """A hash that numbers widgets in the order they are met: addresses differ from run to run."""

    def hash_of(pump: MessagePump) -> int:
        number = pump.__dict__.get("_number")
        if number is None:
            number = pump.__dict__["_number"] = next(numbers)
        return number

    return hash_of


def run_timeless(main: Callable[[TimelessLoop], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine, with Textual's clocks being the loop's; raises what any task raised."""
    with asyncio.Runner(loop_factory=TimelessLoop) as runner, ExitStack() as patches:
        loop = runner.get_loop()
        assert isinstance(loop, TimelessLoop)
        for name in CLOCKS:
            patches.enter_context(patch(f"textual.{name}", loop.time))
        patches.enter_context(patch.object(MessagePump, "__hash__", _numbered(count())))
        result = runner.run(main(loop))
    if loop.faults:
        raise loop.faults[0]
    return result
