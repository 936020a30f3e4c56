"""The app: its themes, its keys everywhere, and the way from one screen to another."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

from textual.app import App
from textual.binding import Binding, BindingType

from engine.language import language, mark_text, switch_language, tr, use_language
from engine.records.recorder import Recorder
from tui.accidents import OWN_FAULT, debugging
from tui.ending import end_from_outside
from tui.lessons import LessonCard, next_lesson, read_lessons
from tui.settings import Settings, save_settings
from tui.shown import use_decimal_comma
from tui.steady import SteadyApp
from tui.themes import THEMES, ink_variables
from tui.widgets.key_bar import HELP_KEY, KeyBar
from tui.widgets.verdicts import verdict_variables

if TYPE_CHECKING:
    from textual.command import Provider
    from textual.screen import Screen

    from engine.practice.session import Session
    from engine.problems.problem import Problem
    from engine.records.places import Places

Start: TypeAlias = (
    Literal["home"]
    | tuple[Literal["lesson"], "Problem | str"]
    | tuple[Literal["quiz"], Mapping[str, Any]]
)
"""What is opened first; a quiz's options are those of `engine.practice.quiz.new_quiz`."""


def _action_provider() -> type[Provider]:
    from tui.palette import ActionProvider

    return ActionProvider


class BackhandApp(SteadyApp):
    """Shows the screens; whoever makes it hands over the place store, which it leaves open."""

    TITLE = "Backhand"
    CSS_PATH = ["app.tcss", "screens/home.tcss"]  # noqa: RUF012
    COMMANDS: ClassVar[set[Any]] = {_action_provider}

    BINDINGS: ClassVar[list[BindingType]] = [
        HELP_KEY,
        Binding(
            "f9",
            "settings",
            mark_text("Settings"),
            tooltip=mark_text("Language, theme, decimal sign, animation"),
            id="app.settings",
            show=False,
        ),
        Binding(
            "ctrl+q",
            "quit",
            mark_text("Quit"),
            tooltip=mark_text("Leave Backhand; everything is kept"),
            id="app.quit",
            show=False,
            priority=True,
        ),
        Binding(
            "ctrl+p",
            "command_palette",
            mark_text("Palette"),
            tooltip=mark_text("Find every action by its name"),
            id="app.palette",
            priority=True,
        ),
    ]

    def __init__(
        self,
        start: Start = "home",
        *,
        places: Places,
        language: str = "en",
        restart: bool = False,
        settings: Settings | None = None,
        trouble: str = "",
    ) -> None:
        """``restart`` begins the lesson of ``start`` anew; ``trouble`` is told once it is open."""
        super().__init__()
        self._start = start
        self._restart = restart
        self._language = language
        self.places = places
        self.recorder = Recorder(places.database)
        self.settings = settings or Settings()
        self._trouble = trouble
        self._told: set[str] = set()
        self.accident: Exception | None = None
        """The unexpected exception that ended the app; whoever runs it tells the learner."""
        for theme in THEMES:
            self.register_theme(theme)
        # Set before anything is parsed: a theme that changes later has every style read anew.
        self.set_reactive(App.theme, f"backhand-{self.settings.theme}")
        self.stylesheet.set_variables(self.get_css_variables())

    def on_load(self) -> None:
        """Speak the learner's language, here and in every task that the app starts."""
        use_language(self._language)
        self._apply(self.settings)
        if self.settings.keys:
            self.set_keymap(dict(self.settings.keys))

    def _apply(self, settings: Settings) -> None:
        use_decimal_comma(settings.decimal_comma)
        self.animation_level = "full" if settings.animation else "none"
        name = f"backhand-{settings.theme}"
        if self.theme != name:
            self.theme = name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The colours that the screens need, for themes that bring none."""
        dark = self.current_theme.dark
        return {**verdict_variables(dark), **ink_variables(dark)}

    def get_default_screen(self) -> Screen[None]:
        """Home lies beneath everything else."""
        from tui.screens.home import HomeScreen

        return HomeScreen()

    def on_mount(self) -> None:
        """Open what the command line asked for."""
        if not self.is_headless:
            end_from_outside(self._end, self._driver)
        match self._start:
            case ("lesson", problem):
                self.open_lesson(problem, restart=self._restart)
            case ("quiz", options):
                self.open_quiz(options)
        if self._trouble:
            self.notify(self._trouble, severity="warning", timeout=12, markup=False)
        if self.settings.keys:
            self.call_after_refresh(self._tell_unknown_keys)

    def _end(self, signal: int) -> None:
        """Leave at once, keeping everything: a signal asked for it, or the terminal is gone."""
        self._save_here()
        self.exit(return_code=128 + signal)

    def _tell_unknown_keys(self) -> None:
        """Say which keys of the settings are for something that there isn't."""
        from tui.key_ids import unknown_ids

        unknown = unknown_ids(list(self.settings.keys))
        if unknown:
            names = ", ".join(each if each.isprintable() else ascii(each) for each in unknown)
            told = tr("The settings have keys for what there isn't: {names}.", names=names)
            self.notify(told, severity="warning", timeout=12, markup=False)

    def _handle_exception(self, error: Exception) -> None:
        """Keep the place and end: a traceback helps no learner."""
        if self.is_left_behind(error):
            return
        if self.accident is None:
            self.accident = error
            with suppress(Exception):
                self._save_here()
        if debugging():
            super()._handle_exception(error)
            self._return_code = OWN_FAULT
            return
        self._return_code = OWN_FAULT
        if self._exception is None:  # what a test's pilot raises again
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()

    # Screens.

    def open_home(self) -> None:
        """Go home."""
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def open_lesson(self, problem: Problem | str, *, restart: bool = False) -> None:
        """Open a lesson where one stopped, or anew; before the very first one, the conventions."""
        from engine.practice.session import lesson
        from engine.problems.faults import ProblemError
        from engine.problems.reading import UnknownProblemError, load
        from tui.screens.lesson import LessonScreen

        first_time = self.places.latest() is None
        if isinstance(problem, str):
            try:
                problem = load(problem)
            except (ProblemError, UnknownProblemError) as error:
                self.notify(str(error), severity="error", timeout=12, markup=False)
                return
        session = lesson(problem)
        kept = None if restart else self.places.load(session.name)
        if kept is not None:
            session.restore(kept)
        self.recorder.attach(session)
        self.keep(session)
        self._open(LessonScreen(problem, session))
        if first_time:
            self.action_conventions()

    def open_quiz(self, options: Mapping[str, Any] | None = None) -> None:
        """Open a new quiz; the options are those of `engine.practice.quiz.new_quiz`."""
        from tui.screens.quiz import QuizScreen

        options = dict(options or {})
        self._open(QuizScreen(self.recorder.new_quiz(**options), options))

    def resume_quiz(self) -> None:
        """Open the quiz that was left in the middle, or a new one."""
        from engine.practice.quiz import resume_quiz
        from tui.screens.quiz import QuizScreen

        try:
            quiz = resume_quiz(self.places.load("quiz") or {})
        except (ValueError, LookupError):
            self.open_quiz()
            return
        self.recorder.attach(quiz)
        self._open(QuizScreen(quiz, {}))

    def _open(self, screen: Screen[None]) -> None:
        self.open_home()
        self.push_screen(screen)

    # What screens ask for.

    def lesson_cards(self) -> list[LessonCard]:
        """The built-in lessons with the learner's places."""
        return read_lessons(self.places)

    def lesson_after(self, identity: str) -> LessonCard | None:
        """The lesson to go on with on the path, behind a built-in one."""
        cards = self.lesson_cards()
        return next_lesson(cards, identity) if any(c.id == identity for c in cards) else None

    def keep(self, session: Session) -> None:
        """Keep where one is; trouble with the file is told once, and practice goes on."""
        self.places.save(session.name, session.snapshot())
        self.tell_troubles()

    def tell_troubles(self) -> None:
        """Say what is new about the records' file; each trouble is told once."""
        for text in (self.places.database.notice, self.places.trouble, self.recorder.trouble):
            if text and text not in self._told:
                self._told.add(text)
                self.notify(text, severity="warning", timeout=12, markup=False)

    # Actions that work everywhere.

    def action_home(self) -> None:
        """Leave for the home screen, keeping the place."""
        self._save_here()
        self.open_home()

    def action_quiz(self) -> None:
        """Go where a quiz begins, keeping the place."""
        from tui.screens.quiz_start import QuizStartScreen

        self._save_here()
        self._open(QuizStartScreen())

    def action_progress(self) -> None:
        """Show what the records say, keeping the place."""
        from tui.screens.progress import ProgressScreen

        self._save_here()
        self._open(ProgressScreen())

    def open_explore(self, problem: Problem | str) -> None:
        """Open a problem to play with, above what is open now."""
        from engine.problems.faults import ProblemError
        from engine.problems.reading import UnknownProblemError, load
        from tui.screens.explore import ExploreScreen

        if isinstance(problem, str):
            try:
                problem = load(problem)
            except (ProblemError, UnknownProblemError) as error:
                self.notify(str(error), severity="error", timeout=12, markup=False)
                return
        self.push_screen(ExploreScreen(problem))

    def action_explore(self) -> None:
        """Explore the problem on the screen, or choose one."""
        from tui.screens.explore_start import ExploreStartScreen

        here = getattr(self.screen, "action_explore", None)
        if here is not None:
            if self.screen.check_action("explore", ()):  # not before its widgets are there
                here()
            return
        self._save_here()
        self._open(ExploreStartScreen())

    def action_conventions(self) -> None:
        """Show the conventions."""
        from tui.screens.conventions import ConventionsScreen

        self.push_screen(ConventionsScreen())

    def action_help(self) -> None:
        """Show help for what is focused."""
        from tui.screens.help import HelpScreen, about, key_helps

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(about(self.screen), key_helps(self.screen)))

    def action_export(self) -> None:
        """Write every record to a file, also those that can't be kept."""
        from tui.exporting import exported

        path = Path.cwd() / f"backhand-records-{date.today().isoformat()}.jsonl"
        self.notify(exported(self.recorder, path), timeout=12, markup=False)

    def action_theme(self) -> None:
        """Switch between light and dark."""
        theme = "light" if self.current_theme.dark else "dark"
        self.change_settings(replace(self.settings, theme=theme))

    def action_settings(self) -> None:
        """Show the settings."""
        from tui.screens.help import HelpScreen
        from tui.screens.settings import SettingsScreen

        if isinstance(self.screen, HelpScreen):
            self.pop_screen()
        if not isinstance(self.screen, SettingsScreen):
            self.push_screen(SettingsScreen())

    def change_settings(self, settings: Settings) -> None:
        """Put settings to work on everything that is shown, and keep them."""
        self.settings = settings
        if settings.language and settings.language != language():
            switch_language(settings.language)
        self._apply(settings)
        self._save_here()
        for screen in self.screen_stack:
            retranslate = getattr(screen, "retranslate", None)
            if retranslate is not None:
                retranslate()
            for bar in screen.query(KeyBar):
                bar.follow()
        trouble = save_settings(self.places.path.parent, settings)
        if trouble and trouble not in self._told:
            self._told.add(trouble)
            self.notify(trouble, severity="warning", timeout=12, markup=False)

    def taken_up(self, session: Session, problem: Problem) -> Session:
        """A lesson's session as it would be after a restart: its verdicts in today's language."""
        from engine.practice.session import lesson

        fresh = lesson(problem)
        fresh.restore(session.snapshot())
        self.recorder.attach(fresh)
        return fresh

    def action_command_palette(self) -> None:
        """Open the palette."""
        from textual.command import CommandPalette

        from tui.palette import Palette

        if self.use_command_palette and not isinstance(self.screen, CommandPalette):
            # Without an id: one that closes may still be there when the next one opens.
            self.push_screen(Palette(placeholder=tr("Find an action")))

    def action_help_quit(self) -> None:
        """Ctrl+C copies; whoever wanted to leave is told how, in their language."""
        self.notify(tr("Ctrl+C copies what is marked. Ctrl+Q leaves."), markup=False)

    async def action_quit(self) -> None:
        """Leave, keeping the place and the half-typed answer."""
        self._save_here()
        self.exit()

    def _save_here(self) -> None:
        for screen in self.screen_stack:
            save = getattr(screen, "save", None)
            if save is not None:
                save()
