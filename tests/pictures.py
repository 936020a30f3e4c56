"""`python -m tests.pictures [NAME…]`: the README's pictures, taken of the app as it is played.

They go to assets/pictures. The app is played by keyboard on a fixed day, so that the same sources
give the same pictures. No picture names another host: its font is one that the reader has.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from unittest.mock import patch

from engine.practice.distinct import distinct_mistakes
from engine.practice.quiz import Quiz
from engine.records.database import open_database
from engine.records.recorder import Recorder
from tests.engine.answers import right, typed
from tests.tui.playing import make_app
from tests.tui.test_explore_snapshots import two_curves
from tests.tui.test_snapshots import (
    MASHA,
    Play,
    home_again,
    kind_of_quiz,
    progress,
    rightly,
    stay,
    then,
    to_question,
    with_cells,
)
from tui.app import Start

FOLDER = Path(__file__).parent.parent / "assets" / "pictures"
SIZE = (100, 26)
TODAY = datetime(2026, 3, 20, 18, tzinfo=UTC)
FONTS = '"Fira Code", "JetBrains Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace'
FONT_FACE = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)
BLANK, CELL = "&#160;", 12.2
"""A blank in an SVG of Rich's, and the width of a cell."""
TEXT = re.compile(
    r'<text (?P<kind>class="[^"]*") x="(?P<x>[\d.]+)" (?P<y>y="[\d.]+") '
    r'textLength="(?P<length>[\d.]+)" (?P<clip>clip-path="[^"]*")>\n?'
    rf"(?P<before>(?:{BLANK})*)(?P<inside>[^<]*?)(?P<after>(?:{BLANK})*)\n?</text>"
)
COMMENT = re.compile(r"\s*<!--.*?-->", re.DOTALL)

PRACTISED = (
    "relu.backward",
    "linear.backward",
    "mse.gradient",
    "linear.forward",
    "sigmoid.backward",
    "softmax.forward",
    "cross_entropy.loss",
    "sgd.update",
)
"""The skills of a made-up learner, in the order in which they are begun."""


WEEKS = 20


class FixedDay(datetime):
    """A clock that stands still."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> FixedDay:
        """The same moment every time."""
        return cls.fromtimestamp(TODAY.timestamp(), tz)


@dataclass(frozen=True, slots=True)
class Scene:
    """What a picture shows: what is opened, and what is pressed."""

    start: Start
    play: Play
    size: tuple[int, int] = SIZE
    practised: bool = False
    """Whether the learner has practised for weeks."""


SCENES = {
    "misconception": Scene(MASHA, with_cells(to_question("grad.H1"), "-0.5 -1 0 0")),
    "worked": Scene(MASHA, then(rightly(to_question("grad.W1")), "down")),
    "explore": Scene("home", two_curves, size=(120, 34)),
    "quiz": Scene(kind_of_quiz("spot"), then(stay, "2")),
    "home": Scene(MASHA, home_again, practised=True),
    "progress": Scene("home", progress, size=(100, 34), practised=True),
}


def main() -> int:
    """Make the pictures that were named, or all."""
    names = sys.argv[1:] or [*SCENES]
    unknown = [name for name in names if name not in SCENES]
    if unknown:
        print(f"no picture {', '.join(unknown)}; there are {', '.join(SCENES)}", file=sys.stderr)
        return 2
    FOLDER.mkdir(exist_ok=True)
    for name in names:
        path = FOLDER / f"{name}.svg"
        path.write_text(picture(SCENES[name]), encoding="utf-8")
        print(f"{path.stat().st_size // 1024:4} KiB  {path.relative_to(FOLDER.parent.parent)}")
    return 0


def picture(scene: Scene) -> str:
    """The scene as SVG."""
    with on_a_fixed_day(), tempfile.TemporaryDirectory() as folder:
        if scene.practised:
            practise(Path(folder))
        return at_home(asyncio.run(_played(scene, Path(folder))))


async def _played(scene: Scene, folder: Path) -> str:
    app = make_app(folder, scene.start)
    app.animation_level = "none"
    async with app.run_test(size=scene.size) as pilot:
        await scene.play(pilot)
        await pilot.pause()
        return app.export_screenshot(title="Backhand")


def at_home(svg: str) -> str:
    """The picture without its makers' fonts and addresses, its blanks as places."""
    svg = FONT_FACE.sub("", COMMENT.sub("", svg))
    svg = re.sub(r"font-family: (?:Fira Code, monospace|arial);", f"font-family: {FONTS};", svg)
    return TEXT.sub(_without_outer_blanks, svg)


def _without_outer_blanks(found: re.Match[str]) -> str:
    """A run of text that begins where its first letter stands: some viewers drop blanks there."""
    if not found["inside"]:
        return ""
    before, after = (len(found[side]) // len(BLANK) for side in ("before", "after"))
    x = float(found["x"]) + CELL * before
    length = float(found["length"]) - CELL * (before + after)
    return (
        f'<text {found["kind"]} x="{x:g}" {found["y"]} textLength="{length:g}" '
        f"{found['clip']}>{found['inside']}</text>"
    )


@contextmanager
def on_a_fixed_day() -> Iterator[None]:
    """Let the app believe in one day, in one time zone."""
    zone = os.environ.get("TZ")
    places = ("tui.screens.progress", "tui.screens.skill", "engine.records.recorder")
    with ExitStack() as stack:
        for place in places:
            stack.enter_context(patch(f"{place}.datetime", FixedDay))
        os.environ["TZ"] = "UTC"
        time.tzset()
        try:
            yield
        finally:
            os.environ.pop("TZ")
            if zone is not None:
                os.environ["TZ"] = zone
            time.tzset()


def practise(folder: Path) -> None:
    """A learner's records of some months: ever more skills, the later ones less often."""
    now = [TODAY]
    database = open_database(folder)
    recorder = Recorder(database, now=lambda: now[0])
    for day in range(WEEKS * 7, 0, -1):
        if day % 7 == 5 or day % 11 in (0, 4):
            continue  # a day off
        now[0] = TODAY - timedelta(days=day)
        begun = 2 + (WEEKS * 7 - day) // 14
        for place, skill in enumerate(PRACTISED[:begun]):
            if (day + 2 * place) % (place + 2) == 0:
                quiz = recorder.new_quiz(skill, length=1, seed=100 * day + place, kinds=["value"])
                answer(quiz, mistaken=(day + place) % 5 == 0 and day > 10)
    database.close()


def answer(quiz: Quiz, mistaken: bool) -> None:
    """Answer a quiz of one item, at first by a mistake that has a name."""
    mistakes = distinct_mistakes(quiz.question.problem, quiz.question.key) if mistaken else []
    for _, value in mistakes[:1]:
        quiz.answer(typed(value))
    quiz.answer(right(quiz.question))


if __name__ == "__main__":
    sys.exit(main())
