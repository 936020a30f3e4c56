"""A monkey at the keyboard: random keys, clicks, pastes and resizes over all screens.

``python -m tests.fuzz.monkey --keys 100000 --seed 1``: no exception, and from wherever the monkey
has got to a few presses of Escape and q lead home. The same seed presses the same keys.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections import Counter, deque
from contextlib import chdir
from pathlib import Path
from random import Random
from typing import Any

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from engine.records.places import open_places
from tui.app import BackhandApp
from tui.screens.home import HomeScreen

NAMED = [
    "enter", "escape", "tab", "shift+tab", "up", "down", "left", "right", "home", "end",
    "pageup", "pagedown", "backspace", "delete", "space", "f1", "f2", "f3", "f4", "f5", "f6",
    "f7", "f8", "f9", "f10", "ctrl+p", "ctrl+q", "ctrl+home", "ctrl+end", "ctrl+down",
    "ctrl+up", "ctrl+z", "ctrl+y", "ctrl+u", "ctrl+k", "ctrl+w", "ctrl+left", "ctrl+right",
    "shift+left", "shift+right", "ctrl+a", "ctrl+c", "ctrl+v", "ctrl+x", "shift+up",
    "shift+down", "ctrl+enter",
]  # fmt: skip
CHARACTERS = (
    "0123456789-.,/*+()[]{}_=;:@·⊙ᵀ^!?'\"#%&$~`|<>σ√½é😀ע漢W1XH"
    "qwertyuiopasdfghjklzxcvbnmйцукенгшщзхфывапролджэячсмитьбю"
)
LIKELY = [
    "enter", "enter", "enter", "f3", "f3", "n", "escape", "1", "2", "0", ".", "-", "tab", "f5",
    "down", "3",
]  # fmt: skip
PASTES = ("2 -1; 0 1", "[[2, -1], [0, 1]]", "1\t2\n3\t4", "\x1b[31m", "x" * 5000, "½;½", "")
BATCH = 8
CHECK_EVERY = 400
HOMEWARD = 40
"""The most presses that the way home may take."""


class StuckError(AssertionError):
    """The way home wasn't found."""


class Monkey:
    """Presses keys on an app; ``seen`` counts the screens after each batch."""

    def __init__(self, pilot: Pilot[Any], seed: int) -> None:
        self.pilot = pilot
        self.app: Any = pilot.app
        self.random = Random(seed)
        self.last: deque[str] = deque(maxlen=60)
        self.seen: Counter[str] = Counter()

    async def play(self, keys: int) -> None:
        """Press so many keys; raises what the app raised, or `StuckError`."""
        for start in range(0, keys, BATCH):
            for _ in range(min(BATCH, keys - start)):
                self.press(self.choose())
            if self.random.random() < 0.06:
                await self.resize()
            await self.settle()
            self.seen[type(self.app.screen).__name__] += 1
            if start % CHECK_EVERY == 0:
                await self.go_home()

    async def settle(self) -> None:
        """Let the app do what was asked of it; raise what it raised."""
        await self.pilot.pause()
        if self.app._exception is not None:
            raise self.app._exception

    def choose(self) -> str:
        """The next thing to do."""
        kind = self.random.random()
        if kind < 0.35:
            return self.random.choice(LIKELY)
        if kind < 0.6:
            return self.random.choice(NAMED)
        if kind < 0.9:
            return self.random.choice(CHARACTERS)
        return self.random.choice(("click", "click", "paste", "scroll"))

    def press(self, key: str) -> None:
        """Send a key as a terminal does."""
        self.last.append(key)
        width, height = self.app.size
        x, y = self.random.randrange(max(width, 1)), self.random.randrange(max(height, 1))
        if key == "click":
            for kind in (events.MouseDown, events.MouseUp):
                self.app.screen._forward_event(kind(None, x, y, 0, 0, 1, False, False, False, x, y))
        elif key == "scroll":
            event = events.MouseScrollDown(None, x, y, 0, 0, 0, False, False, False, x, y)
            self.app.screen._forward_event(event)
        elif key == "paste":
            self.app.post_message(events.Paste(self.random.choice(PASTES)))
        elif len(key) == 1:
            self.app.post_message(events.Key(_character_to_key(key), key))
        else:
            self.app.post_message(events.Key(key, " " if key == "space" else None))

    async def resize(self) -> None:
        """Make the terminal any size."""
        width, height = self.random.randint(10, 180), self.random.randint(4, 60)
        self.last.append(f"{width}x{height}")
        await self.pilot.resize_terminal(width, height)

    async def go_home(self) -> None:
        """Find the way home; then go on with any line of its menu."""
        for _ in range(HOMEWARD):
            if isinstance(self.app.screen, HomeScreen):
                break
            self.press("escape")
            await self.settle()
            if not isinstance(self.app.screen, HomeScreen) and self.app.screen.focused is None:
                self.press("q")
                await self.settle()
        else:
            raise StuckError(f"no way home from {self.app.screen!r}")
        keys = [item.key for item in self.app.screen.menu.items]
        line = self.random.randrange(len(keys))
        if "quiz" in keys and self.random.random() < 0.4:
            line = keys.index("quiz")
        self.press("home")
        for _ in range(line):
            self.press("down")
        self.press("enter")
        await self.settle()


async def run(keys: int, seed: int, folder: Path) -> Counter[str]:
    """Play on an app whose records are in a folder; the screens seen."""
    with open_places(folder) as places:
        app = BackhandApp(places=places)
        app.exit = lambda *_args, **_options: app.open_home()  # type: ignore[method-assign]
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            monkey = Monkey(pilot, seed)
            try:
                await monkey.play(keys)
            except Exception:
                print("last:", *monkey.last, file=sys.stderr)
                raise
        app.recorder.finish()
    return monkey.seen


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    os.environ.pop("BACKHAND_DEBUG", None)
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        seen = asyncio.run(run(options.keys, options.seed, Path(folder)))
    print(f"{options.keys} keys, seed {options.seed}:", dict(seen))


if __name__ == "__main__":
    main()
