"""Pilot tests of the progress page, a skill's page and the page where a quiz begins."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from engine.practice.distinct import distinct_mistakes
from engine.practice.mistakes import mistake_title
from engine.practice.titles import skill_title
from engine.records.database import open_database
from engine.records.recorder import Recorder
from tests.engine.answers import right, typed
from tests.tui.playing import make_app, screen_text, session_of
from tui.app import BackhandApp
from tui.screens.home import HomeScreen
from tui.screens.progress import ProgressScreen
from tui.screens.quiz import QuizScreen
from tui.screens.quiz_start import QuizStartScreen
from tui.screens.skill import SkillScreen
from tui.widgets.charts import last_months, sparkline
from tui.widgets.menu import Menu
from tui.widgets.skill_menu import SkillMenu

SIZE = (100, 40)
SKILL = "relu.backward"


def fill(folder: Path, days: int = 4) -> str:
    """Answers on so many days up to today, the first one mistaken; the misconception's tag."""
    database = open_database(folder)
    time = [datetime.now(UTC) - timedelta(days=days - 1)]
    recorder = Recorder(database, now=lambda: time[0])
    tag = ""
    for day in range(days):
        quiz = recorder.new_quiz(SKILL, length=1, seed=day, kinds=["value"])
        if not tag:
            variant, value = distinct_mistakes(quiz.question.problem, quiz.question.key)[0]
            tag = variant.tag
            quiz.answer(typed(value))
        else:
            quiz.answer(right(quiz.question))
        time[0] += timedelta(days=1)
    database.close()
    return tag


async def choose(pilot: Pilot[Any], key: str) -> None:
    """Choose a line of the menu by arrows and Enter."""
    menu = pilot.app.screen.query_one(Menu)
    keys = [item.key for item in menu.items]
    await pilot.press("home", *["down"] * keys.index(key), "enter")
    await pilot.pause()


async def open_progress(pilot: Pilot[Any]) -> BackhandApp:
    """The progress page, from home."""
    await pilot.pause()
    await choose(pilot, "progress")
    app = pilot.app
    assert isinstance(app, BackhandApp)
    assert isinstance(app.screen, ProgressScreen)
    return app


async def test_an_empty_record_says_so_and_offers_a_quiz(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await open_progress(pilot)
        assert "Nothing is recorded yet." in screen_text(app)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, QuizScreen)


async def test_a_filled_record_shows_mastery_due_dates_mistakes_and_a_calendar(
    tmp_path: Path,
) -> None:
    tag = fill(tmp_path)
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await open_progress(pilot)
        text = screen_text(app)
        assert "4 answers on 4 days · 4 days in a row" in text
        line = next(line for line in text.splitlines() if skill_title(SKILL) in line)
        assert "%" in line
        assert "━" in line
        assert "in " in line
        assert mistake_title(tag) in text
        assert "Answers by day" in text
        assert text.count("██") == 4
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)


async def test_a_skill_shows_its_curve_and_is_practised(tmp_path: Path) -> None:
    fill(tmp_path)
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await open_progress(pilot)
        await choose(pilot, f"skill:{SKILL}")
        assert isinstance(app.screen, SkillScreen)
        text = screen_text(app)
        assert "3 of 4 questions right at the first try" in text
        assert "100 %" in text
        assert "█" in text
        await choose(pilot, "practise")
        assert isinstance(app.screen, QuizScreen)
        assert {item.skill for item in app.screen.quiz.items} == {SKILL}
        assert "You chose this skill." in screen_text(app)


async def test_a_skill_begins_anew_after_a_second_enter_and_that_is_taken_back(
    tmp_path: Path,
) -> None:
    fill(tmp_path)
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await open_progress(pilot)
        await choose(pilot, f"skill:{SKILL}")
        await choose(pilot, "anew")
        assert isinstance(app.screen, SkillScreen)
        assert "once more to confirm" in " ".join(screen_text(app).split())
        assert app.recorder.standings()[SKILL].firsts == 4
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, ProgressScreen)
        assert not app.screen.overview.skills
        await pilot.press("u")
        await pilot.pause()
        assert [record.skill for record in app.screen.overview.skills] == [SKILL]
        assert app.recorder.standings()[SKILL].firsts == 4
        assert "Taken back" in screen_text(app)


async def test_a_lesson_begins_anew_and_that_is_taken_back(tmp_path: Path) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.press("enter")
        session = session_of(app)
        session.answer(right(session.question))
        session.next()
        await app.run_action("progress")
        await pilot.pause()
        assert app.places.load("masha") is not None
        await choose(pilot, "lesson:masha")
        assert app.places.load("masha") is not None
        await choose(pilot, "lesson:masha")
        assert app.places.load("masha") is None
        await pilot.press("u")
        await pilot.pause()
        assert app.places.load("masha") is not None


async def test_a_quiz_begins_with_what_helps_most_with_an_exam_or_with_one_skill(
    tmp_path: Path,
) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        for key in ("quiz", "exam", f"skill:{SKILL}"):
            app.open_home()
            await pilot.pause()
            await choose(pilot, "quiz")
            assert isinstance(app.screen, QuizStartScreen)
            await choose(pilot, key)
            assert isinstance(app.screen, QuizScreen)
            quiz = app.screen.quiz
            assert quiz.length == 10
            assert quiz.exam == (key == "exam")
            assert ({item.skill for item in quiz.items} == {SKILL}) == (key == f"skill:{SKILL}")


async def test_an_unreadable_record_is_told_on_the_page(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    app = make_app(tmp_path / "file")
    async with app.run_test(size=SIZE) as pilot:
        await open_progress(pilot)
        assert "The records can't be read" in screen_text(app)


async def test_the_mistakes_are_shown_month_by_month(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    now = datetime.now(UTC)
    for days, seed in ((0, 1), (1, 2), (150, 3)):
        time = now - timedelta(days=days)
        recorder = Recorder(database, now=lambda time=time: time)  # type: ignore[misc]
        quiz = recorder.new_quiz(SKILL, length=1, seed=seed, kinds=["value"])
        mistakes = distinct_mistakes(quiz.question.problem, quiz.question.key)
        value = next(value for mistake, value in mistakes if mistake.tag == "mask_missing")
        quiz.answer(typed(value))
    database.close()
    app = make_app(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await open_progress(pilot)
        text = screen_text(app)
        assert "Mistakes met most, by month: the last 12 months" in text
        (line,) = (line for line in text.splitlines() if mistake_title("mask_missing") in line)
        count, months, *_ = line.split()
        assert count == "3"
        assert len(months) == 12
        assert months[-1] in "▄█"
        assert sum(month != "·" for month in months) in (2, 3)


def test_the_months_go_back_over_the_turn_of_a_year() -> None:
    assert last_months(date(2026, 2, 3), 4) == ["2025-11", "2025-12", "2026-01", "2026-02"]


def test_a_month_with_few_mistakes_still_shows_them() -> None:
    assert sparkline([0, 1, 500, 1000], 1000).plain == "·▁▄█"


async def test_a_skill_that_was_forgotten_meanwhile_opens_nothing(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    async with app.run_test() as pilot:
        app.action_progress()
        await pilot.pause()
        menu = app.screen.query_one(SkillMenu)
        menu.post_message(Menu.Chosen(menu, "skill:relu.forward"))
        await pilot.pause()
        assert isinstance(app.screen, ProgressScreen)
