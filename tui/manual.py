"""What `--help` says besides the options: commands, keys, files, environment, exit codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType

from engine.language import mark_text, tr
from tui.commands.common import FINE, INVALID_FILE, NO_RECORDS, USAGE, WRONG
from tui.parsing import PROGRAM, Section

ABOUT = mark_text(
    "A tutor for doing the forward and the backward pass of a neural network by hand. It asks for "
    "the formula and the numbers of every step, marks each cell, names the mistake, and then shows "
    "how each cell is worked out."
)
EXAMPLES = (
    "backhand",
    "backhand lesson masha",
    "backhand lesson --plain < answers.txt",
    "backhand quiz --skill relu.backward",
    'backhand mark masha H1 "2 -1; 0 1" --json',
    "backhand solve my.toml --format latex",
)
CODES = {
    FINE: mark_text("fine; all answers are right"),
    WRONG: mark_text("marked or checked, and something is wrong"),
    USAGE: mark_text("the command line isn't right, or a name in it is unknown"),
    INVALID_FILE: mark_text("a file is invalid"),
    NO_RECORDS: mark_text("the records can't be read or written"),
}
"""The exit codes; each command names those that it can end with."""


def exit_codes(codes: Iterable[int] = CODES) -> Section:
    """What each exit code means."""
    return Section(tr("exit codes"), [(str(code), tr(CODES[code])) for code in codes])


def overview(modules: Mapping[str, ModuleType]) -> list[Section]:
    """The sections of the program's own help."""
    commands = [(name, tr(module.SUMMARY)) for name, module in modules.items()]
    return [
        Section(tr("commands"), [("–", tr("without a command: the app's home screen")), *commands]),
        Section(tr("examples"), lines=EXAMPLES),
        Section(tr("keys in the app"), _keys()),
        Section(tr("files"), _files()),
        Section(tr("environment"), _environment()),
        exit_codes(),
        Section(
            tr("more"), lines=[tr("about a command: {program} COMMAND --help", program=PROGRAM)]
        ),
    ]


def command_sections(module: ModuleType) -> list[Section]:
    """The sections of a command's help."""
    see = tr("keys, files and environment: {program} --help", program=PROGRAM)
    return [
        Section(tr("examples"), lines=module.EXAMPLES.splitlines()),
        exit_codes(module.CODES),
        Section(tr("more"), lines=[see]),
    ]


def _keys() -> list[tuple[str, str]]:
    return [
        ("Enter", tr("the next empty cell; on a full answer: check; after a right one: go on")),
        ("?", tr("the next hint")),
        ("F3", tr("show the answer")),
        ("PgUp, PgDn", tr("look back and forth")),
        ("Esc", tr("leave the answer; letters are commands then, on either keyboard layout")),
        ("F1, Ctrl+P", tr("every key that works now; every action by its name")),
        ("F9, Ctrl+Q", tr("settings; leave: everything is kept, the half-typed cell too")),
    ]


def _files() -> list[tuple[str, str]]:
    from platformdirs import user_data_path

    from engine.records.names import APPLICATION, FILE_NAME

    folder = user_data_path(APPLICATION, appauthor=False)
    home = Path.home()
    short = f"~/{folder.relative_to(home).as_posix()}" if folder.is_relative_to(home) else folder
    return [
        (str(short), tr("your records, unless --data-dir says otherwise:")),
        (f"  {FILE_NAME}", tr("every answer, and where you stopped")),
        ("  backups", tr("copies of it, one a day, thinned out")),
        ("  settings.toml", tr("language, theme, decimal sign, animation, keys")),
        ("  mistake.log", tr("what the program did wrong, if it did")),
    ]


def _environment() -> list[tuple[str, str]]:
    return [
        ("LANG", tr("and LC_ALL, LC_MESSAGES, LANGUAGE: the language, unless --lang gives it")),
        ("NO_COLOR", tr("no colours; a verdict always has a sign and a word, too")),
        ("TERM", tr("dumb: the app doesn't start; --plain works everywhere")),
        ("COLUMNS", tr("how wide this help is, if not as the terminal")),
        ("BACKHAND_DEBUG", tr("1: a mistake of the program's own with its traceback")),
    ]
