"""Pilot tests of the path of lessons: where one begins, where one is, and how one gets about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from engine.language import LANGUAGES
from engine.practice.session import lesson
from engine.problems.course import builtin_ids
from engine.problems.reading import load
from engine.records.places import open_places
from tests.tui.playing import make_app, screen_text, session_of
from tui.app import BackhandApp
from tui.lessons import LessonCard, next_lesson
from tui.screens.home import HomeScreen

SIZES = [(120, 36), (80, 24), (40, 12)]


def keep(folder: Path, name: str, *, answered: int | None = None) -> None:
    """Keep a lesson as if its first questions had been revealed; None stands for all of them."""
    session = lesson(load(name))
    for _ in range(len(session.questions) if answered is None else answered):
        session.reveal()
        session.next()
    with open_places(folder) as places:
        places.save(name, session.snapshot())


def home_of(app: BackhandApp) -> HomeScreen:
    assert isinstance(app.screen, HomeScreen)
    return app.screen


def line_with(app: BackhandApp, words: str) -> str:
    """The line of the screen with these words, without the blanks at its end."""
    return next(line for line in screen_text(app).splitlines() if words in line).rstrip()


async def open_marked(pilot: Pilot[Any]) -> str:
    """Choose the marked line, past the conventions; the lesson that was opened."""
    await pilot.press("enter")
    await pilot.pause()
    return session_of(pilot.app).name  # type: ignore[arg-type]


async def test_a_new_learner_begins_mashas_exercise_with_one_enter(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "▸ 1  Begin: Masha's network" in screen_text(app)
        assert "2  Or warm up first: One neuron" in screen_text(app)
        await pilot.press("enter", "enter")
        await pilot.pause()
        assert session_of(app).name == "masha"


async def test_each_lesson_says_in_a_word_how_far_it_is(tmp_path: Path) -> None:
    keep(tmp_path, "one-neuron")
    keep(tmp_path, "masha", answered=3)
    app = make_app(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        assert line_with(app, "○  One layer").endswith("new")
        assert line_with(app, "✓  One neuron").endswith("done")
        assert line_with(app, "◐  Masha's network").endswith("here: 3 of 27")
        assert line_with(app, "First steps").endswith("1 of 3")


async def test_one_goes_on_where_one_stopped(tmp_path: Path) -> None:
    keep(tmp_path, "one-layer", answered=2)
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "Go on: One layer, four observations" in screen_text(app)
        assert "question 3 of 8" in screen_text(app)
        assert await open_marked(pilot) == "one-layer"


async def test_behind_a_finished_lesson_comes_the_next_of_the_path(tmp_path: Path) -> None:
    keep(tmp_path, "relu-mask")
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "Next lesson: Masha's network" in screen_text(app)
        assert await open_marked(pilot) == "masha"


async def test_the_closing_page_offers_the_next_lesson_of_the_path(tmp_path: Path) -> None:
    keep(tmp_path, "convolution")
    app = make_app(tmp_path, ("lesson", "convolution"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "Next lesson: Batch normalisation" in screen_text(app)
        assert await open_marked(pilot) == "batch-norm"


def test_at_the_end_of_the_path_what_was_left_out_comes_next() -> None:
    finished = {"total": 1, "done": 1, "position": 1}
    cards = [LessonCard(name, name, **({} if name == "b" else finished)) for name in "abc"]
    assert next_lesson(cards, "a") is cards[1]
    assert next_lesson(cards, "c") is cards[1]
    assert next_lesson([cards[0], cards[2]], "c") is None


async def test_up_and_down_lead_through_both_menus(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        home = home_of(app)
        await pilot.press(*["down"] * len(home.doing.items))
        assert app.focused is home.path
        assert home.path.index == 0
        await pilot.press("up")
        assert app.focused is home.doing
        assert home.doing.index == len(home.doing.items) - 1


async def test_the_arrow_to_the_side_goes_to_the_lesson_where_one_is(tmp_path: Path) -> None:
    keep(tmp_path, "recurrence", answered=1)
    app = make_app(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("right")
        assert await open_marked(pilot) == "recurrence"


async def test_digits_belong_to_what_one_can_do_from_the_path_too(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("right", "2", "enter")
        await pilot.pause()
        assert session_of(app).name == "one-neuron"


async def test_the_marks_stay_where_they_were_when_a_screen_above_is_closed(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("right", "down", "f1")
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        home = home_of(app)
        assert app.focused is home.path
        assert home.path.index == builtin_ids().index("masha") + 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_every_lesson_is_reached_in_view_and_under_its_heading(
    size: tuple[int, int], language: str, tmp_path: Path
) -> None:
    app = make_app(tmp_path, language=language)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        home = home_of(app)
        await pilot.press("right", "home")
        for press in ("down", "up"):
            for _ in builtin_ids():
                await pilot.pause()
                item = home.path.items[home.path.index]
                text = screen_text(app)
                assert f"▸ ○  {item.title[:20]}" in text
                before = home.path.items[: home.path.index + 1]
                heading = next(item.heading for item in reversed(before) if item.heading)
                assert heading[:20] in text
                await pilot.press(press)


async def test_a_remark_of_a_lesson_of_ours_is_no_word_about_a_book(tmp_path: Path) -> None:
    keep(tmp_path, "one-neuron", answered=12)
    app = make_app(tmp_path, ("lesson", "one-neuron"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("0", ".", "1", "8", "enter")
        await pilot.pause()
        text = screen_text(app)
        assert "By the way" in text
        assert "From 18 to 0.18" in text
        assert "book" not in text
