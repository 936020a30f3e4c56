"""A monkey at the keyboard: random keys, clicks, pastes, languages and sizes over all screens.

No key ends the app, the app answers after every few of them, and from wherever the monkey has got
to a few presses of Escape and q lead home. The same seed presses the same keys at the same moments:
time passes only where the app has nothing left to do (`tests.fuzz.timeless`).
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import chdir
from dataclasses import replace
from functools import partial
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

from textual import events
from textual.geometry import Size

from engine.practice.skills import SKILLS
from engine.problems.course import builtin_ids
from engine.problems.reading import load
from engine.records.overview import read_overview
from tests.engine.answers import right, wrong
from tests.fuzz.hands import Hands, in_the_app
from tests.fuzz.playground import write_problems
from tests.fuzz.timeless import TimelessLoop
from tui.app import BackhandApp
from tui.screens.session import SessionScreen
from tui.screens.skill import SkillScreen
from tui.themes import THEMES

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
SIZES = [(20, 6), (40, 12), (80, 24), (80, 24), (120, 36), (200, 60)]

MOST_AT_ONCE = 40
"""So many keys may come faster than the app can look at them."""

SHORT = 5_000
"""The keys that one app is played with; a longer game is many of these, each with its own seed."""

VISIT = 200
"""After so many keys the monkey has to find the way home, and goes somewhere else."""


class Monkey(Hands):
    """Presses keys on an app; ``seen`` counts the screens and the kinds of question met."""

    def __init__(self, app: BackhandApp, loop: TimelessLoop, seed: int, files: list[str]) -> None:
        super().__init__(app, loop, seed)
        self.places = self._places(seed, files)
        self.seen: Counter[str] = Counter()

    async def play(self, keys: int) -> None:
        """Press so many keys; raises what the app raised, or `StuckError`."""
        left = 0
        for pressed in range(keys):
            if pressed % VISIT == 0:
                await self.go_home()
                next(self.places)()
                left = 0
            if not left:
                left = self.dice.randint(1, MOST_AT_ONCE)
                await self.settle()
                self.look()
            self.act()
            left -= 1
        await self.go_home()

    def look(self) -> None:
        """Note where one has got to."""
        screen = self.app.screen
        self.seen[type(screen).__name__] += 1
        if isinstance(screen, SessionScreen) and not screen.session.finished:
            question = screen.session.question
            self.seen.update((question.kind, question.skill))

    # What it does.

    def act(self) -> None:
        """Do one thing."""
        kind = self.dice.random()
        if kind < 0.33:
            self.press(self.dice.choice(LIKELY))
        elif kind < 0.58:
            self.press(self.dice.choice(NAMED))
        elif kind < 0.86:
            self.press(self.dice.choice(CHARACTERS))
        elif kind < 0.91:
            self.click()
        elif kind < 0.95:
            self.paste(self.dice.choice(PASTES))
        elif kind < 0.98:
            self.answer()
        elif kind < 0.995:
            self.resize()
        else:
            self.change()

    def click(self) -> None:
        """Click, drag or scroll anywhere."""
        width, height = self.app.size
        x, y = self.dice.randrange(max(width, 1)), self.dice.randrange(max(height, 1))
        kinds = self.dice.choice(
            [
                (events.MouseMove, events.MouseDown, events.MouseUp),
                (events.MouseDown, events.MouseMove),
                (events.MouseScrollDown,),
                (events.MouseScrollUp,),
            ]
        )
        self.last.append(f"{kinds[0].__name__}({x}, {y})")
        for kind in kinds:
            button = int(kind in (events.MouseDown, events.MouseUp))
            event = kind(None, x, y, 0, 0, button, False, False, False, x, y)
            self.app._driver.process_message(event)

    def answer(self) -> None:
        """Answer the question on the screen, more often right than wrong."""
        screen = self.app.screen
        if isinstance(screen, SessionScreen) and not screen.session.finished:
            self.give(self.dice.choice([right, right, wrong])(screen.session.question))

    def resize(self) -> None:
        """Make the terminal any size."""
        width, height = self.dice.randint(10, 200), self.dice.randint(3, 60)
        if self.dice.random() < 0.7:
            width, height = self.dice.choice(SIZES)
        self.last.append(f"{width}x{height}")
        size = Size(width, height)
        self.app._driver._size = size
        self.app.post_message(events.Resize(size, size))

    def change(self) -> None:
        """Another language, theme or decimal sign, as the settings change them."""
        settings = replace(
            self.app.settings,
            language=self.dice.choice(["en", "ru"]),
            theme=self.dice.choice(THEMES).name.removeprefix("backhand-"),
            decimal_comma=self.dice.random() < 0.5,
            animation=self.dice.random() < 0.5,
        )
        self.last.append(str(settings))
        self.app.call_later(self.app.change_settings, settings)

    # Where it goes.

    def _places(self, seed: int, files: list[str]) -> Iterator[Callable[[], None]]:
        """Where to go from home: every page, then lessons and quizzes, on where a seed before
        stopped, so that a few seeds are everywhere."""
        pages: list[Callable[[], None]] = [
            partial(self.open_page, name)
            for name in (
                "help", "settings", "conventions", "progress", "quiz", "explore", "command_palette"
            )
        ]  # fmt: skip
        pages += [self.open_skill, lambda: self.choose(0), lambda: self.choose(1)]
        others: list[Callable[[], None]] = [
            partial(self.open_lesson, name) for name in (*files, *builtin_ids())
        ]
        others += [partial(self.open_explore, name) for name in (*files[::2], *builtin_ids()[::4])]
        others += [partial(self.open_quiz, exam=exam) for exam in (False, True)]
        others += [partial(self.open_quiz, skill=name) for name in sorted(SKILLS)[::8]]
        first = seed * (SHORT // VISIT - len(pages)) % len(others)
        self.dice.shuffle(pages)
        return cycle([*pages, *others[first:], *others[:first]])

    def choose(self, line: int) -> None:
        """Choose a line of the menu."""
        for key in ("home", *["down"] * line, "enter"):
            self.press(key)

    def open_skill(self) -> None:
        """Open the page of a skill that was practised, if there is one."""
        skills = self.app.places.database.read(read_overview).skills
        if skills:
            self.app.call_later(self.app.push_screen, SkillScreen(self.dice.choice(skills)))

    def open_lesson(self, name: str) -> None:
        """Open a lesson at any of its questions."""
        problem = load(name)
        place = self.dice.randrange(2 * len(problem.solution) + 1)
        self.last.append(f"lesson {name} at {place}")
        self.app.places.save(problem.id, {"position": place})
        self.app.call_later(self.app.open_lesson, name)


def play_long(keys: int, seed: int) -> Counter[str]:
    """Play so many keys, with a new app after every few of them; what was seen."""
    seen: Counter[str] = Counter()
    for number in range(-(-keys // SHORT)):
        with TemporaryDirectory() as folder, chdir(folder):
            seen += run(min(SHORT, keys - number * SHORT), seed + number, Path(folder))
        print(f"seed {seed + number}: nothing found", flush=True)
    return seen


def run(keys: int, seed: int, folder: Path) -> Counter[str]:
    """Play on an app whose records are in a folder; what was seen."""
    files = [str(path) for path in write_problems(folder)]

    async def play(app: BackhandApp, loop: TimelessLoop) -> Counter[str]:
        monkey = Monkey(app, loop, seed, files)
        try:
            await monkey.play(keys)
        except BaseException:
            print("last:", *monkey.last, file=sys.stderr)
            print(f"python -m tests.fuzz monkey --keys {keys} --seed {seed}")
            raise
        return monkey.seen

    return in_the_app(folder, seed, play)
