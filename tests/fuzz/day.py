"""A day's work in one process: thousands of questions, after which no more memory is held.

Lessons, quizzes, exams, whole passes and exploring take turns in one app, answered as a learner
would: rightly, wrongly, with hints, with the answer shown, looking back, leaving things open; every
answer goes to the records on the disk. After a warm-up, in which every lesson is looked at, the
process may hardly grow any more.
"""

from __future__ import annotations

import gc
import resource
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from engine.practice.session import Session
from engine.practice.skills import PASS, SKILLS
from engine.problems.course import builtin_ids
from tests.engine.answers import right, wrong
from tests.fuzz.hands import Hands, in_the_app
from tests.fuzz.timeless import StuckError, TimelessLoop
from tui.app import BackhandApp
from tui.screens.explore import ExploreScreen
from tui.screens.session import SessionScreen

WARM_UP = 500
"""Questions after which everything that is loaded once, and kept, has been met."""

MOST_GROWTH = 0.10
"""By how much the resident memory may grow from the warm-up to the end."""

REPORTS = 500
"""After so many questions it is said where one is."""

PASSES = [skill.id for skill in SKILLS.values() if skill.subject == PASS]

LOOK = 3
"""How many questions are answered of a lesson that is only looked at, or made while exploring."""

MANNERS = ["right"] * 10 + ["wrong", "wrong", "hint", "reveal", "skip", "back"]
"""How a question is dealt with."""


class Day(Hands):
    """Works through questions; ``worked`` says how many, ``seen`` in what manner."""

    def __init__(
        self, app: BackhandApp, loop: TimelessLoop, seed: int, lessons: Sequence[str] = ()
    ) -> None:
        super().__init__(app, loop, seed)
        self.worked = 0
        self.seen: Counter[str] = Counter()
        self.visits = self._visits(lessons or builtin_ids())

    async def work(self, questions: int) -> None:
        """Go on until so many questions are done, counted from the beginning; end at home."""
        while self.worked < questions:
            await next(self.visits)()
            await self.go_home()

    def _visits(self, lessons: Sequence[str]) -> Iterator[Callable[[], Awaitable[None]]]:
        """A look at every lesson; then one of them and the kinds of quiz in turn, for ever."""
        skills = list(SKILLS)
        for name in lessons:
            yield partial(self._lesson, name, LOOK)
            yield partial(self._explore, name)
        for number in count():
            name = lessons[number % len(lessons)]
            yield partial(self._lesson, name)
            yield partial(self._explore, name)
            yield self._quiz
            yield partial(self._quiz, skill=skills[number % len(skills)], length=5)
            yield partial(self._quiz, exam=True)
            yield partial(self._quiz, skill=PASSES[number % len(PASSES)], length=1)
            for page in ("progress", "settings", "help", "conventions"):
                yield partial(self._page, page)

    async def _page(self, name: str) -> None:
        self.open_page(name)
        await self.settle()

    # Lessons and quizzes.

    async def _lesson(self, name: str, most: int = sys.maxsize) -> None:
        self.last.append(f"lesson {name}")
        self.app.call_later(partial(self.app.open_lesson, name, restart=True))
        await self.settle()
        await self._session("lesson", most)

    async def _quiz(self, **options: object) -> None:
        self.open_quiz(**options)
        await self.settle()
        await self._session("exam" if options.get("exam") else "quiz")

    async def _session(self, kind: str, most: int = sys.maxsize) -> None:
        """Answer the questions on the screen, to the end or so many."""
        if not isinstance(self.app.screen, SessionScreen):  # the conventions, the first time
            await self._press("escape")
        session = self.app.screen.session
        for _ in range(most):
            if session.finished:
                break
            await self._question(session)
            self.worked += 1
            self.seen[kind] += 1
        if kind == "exam":
            await self._press(*["down"] * bool(session.open_positions), "enter")
            if not session.handed_in:
                raise StuckError("the exam isn't handed in")

    async def _question(self, session: Session) -> None:
        """Deal with a question and go on."""
        place, manner = session.position, self.dice.choice(MANNERS)
        self.seen[manner] += 1
        match manner:
            case "wrong":
                await self._give(wrong(session.question))
            case "hint":
                await self._press("question_mark")
            case "reveal":
                await self._press("f3", "f3")
            case "skip":
                self.app.call_later(self.app.run_action, "screen.skip")
                await self.settle()
            case "back":
                await self._press("pageup", "pagedown")
        if session.position == place and session.here.status == "open":
            await self._give(right(session.question))
        if session.position == place and not self.app.screen.done:
            await self._press("f3", "f3")
        if session.position == place:
            await self._press("enter")
        if session.position <= place:
            said = [(attempt.text, attempt.mark.verdict) for attempt in session.here.attempts]
            raise StuckError(f"{session.question.id} doesn't go on after {said}")

    async def _give(self, text: str) -> None:
        """Answer in place of what was typed before: in a formula that stays."""
        await self._press("ctrl+u")
        self.give(text)
        await self.settle()

    async def _press(self, *keys: str) -> None:
        for key in keys:
            self.press(key)
            await self.settle()

    # Exploring.

    async def _explore(self, name: str) -> None:
        """Change a value, train, nudge, take things back, and answer a lesson of these values."""
        self.open_explore(name)
        await self.settle()
        explore = self.app.screen
        assert isinstance(explore, ExploreScreen)
        await self._press(*"0.5", "enter", *"st", "pageup", "n", "enter", "escape", "b", *"th")
        await self._press("o", "down", "enter", "t", "z", "r", "s", "a")
        if isinstance(self.app.screen, SessionScreen):
            await self._session("explore", LOOK)
        self.seen["run"] += len(explore.explorer.runs)


def own_objects() -> Counter[str]:
    """How many objects of our own classes are alive, by class."""
    gc.collect()
    found: Counter[str] = Counter()
    for each in gc.get_objects():
        kind = type(each)
        if str(kind.__module__).startswith(("engine.", "tui.")):
            found[f"{kind.__module__}.{kind.__qualname__}"] += 1
    return found


def resident() -> int:
    """The bytes of memory that this process has now; where nobody says, the most it ever had."""
    gc.collect()
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024
    return pages * resource.getpagesize()


def run(questions: int, seed: int) -> int:
    """Work through so many questions; 1, as an exit code, where memory has grown too much."""
    start = perf_counter()

    async def play(app: BackhandApp, loop: TimelessLoop) -> tuple[int, int, Day]:
        day = Day(app, loop, seed)
        warm = 0
        for goal in [*range(REPORTS, questions, REPORTS), questions]:
            try:
                await day.work(goal)
            except BaseException:
                print("last:", *day.last, file=sys.stderr)
                raise
            now = resident()
            if goal >= min(WARM_UP, questions) and not warm:
                warm = now
            print(f"{day.worked} questions: {now / 2**20:.1f} MiB", flush=True)
        return warm, now, day

    with TemporaryDirectory() as folder:
        warm, end, day = in_the_app(Path(folder), seed, play)
    print(dict(sorted(day.seen.items())))
    growth = end / warm - 1
    print(
        f"{day.worked} questions (seed {seed}) in {perf_counter() - start:.0f} s: "
        f"{warm / 2**20:.1f} MiB, then {end / 2**20:.1f} MiB, {growth:+.1%}"
    )
    return int(growth > MOST_GROWTH)
