"""The help: complete, as wide as the terminal, and in the learner's language, errors too."""

from __future__ import annotations

import re

import pytest

from tui.command_line import COMMANDS, command_modules, main
from tui.manual import CODES

pytestmark = pytest.mark.usefixtures("english")


def shown(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """The help that a line prints."""
    assert main(words) == 0
    return capsys.readouterr().out


def test_the_programs_help_names_everything_around_it(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys, "--help")
    for word in (*COMMANDS, "NO_COLOR", "BACKHAND_DEBUG", "LANG", "COLUMNS", "TERM", "F3", "Esc"):
        assert re.search(rf"^ +(?:.*, )?{re.escape(word)}\b", text, re.MULTILINE), word
    for word in ("backhand.sqlite3", "settings.toml", "backups", "--data-dir", "lesson masha"):
        assert word in text
    for code in CODES:
        assert f"\n  {code}  " in text


@pytest.mark.parametrize("command", COMMANDS)
def test_a_commands_help_has_what_it_does_options_examples_and_exit_codes(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = shown(capsys, command, "--help")
    module = command_modules()[command]
    flat = " ".join(text.split())
    assert " ".join(module.DETAILS.split()) in flat
    for line in module.EXAMPLES.splitlines():
        assert f"\n  {line}\n" in text
    codes = text.partition("exit codes:")[2]
    assert [code for code in CODES if f"\n  {code}  " in codes] == [*module.CODES]
    assert text.index("exit codes:") > text.index("examples:") > text.index("--data-dir")


@pytest.mark.parametrize("words", [["--help"], ["mark", "--help"], ["records", "--help"]])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_lines_are_as_long_as_the_terminal_lets_them(
    words: list[str],
    language: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    heights = []
    for columns in (40, 80, 300):
        monkeypatch.setenv("COLUMNS", str(columns))
        lines = shown(capsys, *words, "--lang", language).partition("\n\n")[2].splitlines()
        free = [line for line in lines if "backhand " not in line]
        assert max(map(len, free)) < min(columns, 101)
        heights.append(len(lines))
    assert heights[0] > heights[1] >= heights[2]


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_the_help_is_in_the_learners_language(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = shown(capsys, *filter(None, [command]), "--help", "--lang", "ru")
    lines = [line for line in text.splitlines() if "backhand " not in line]
    assert not [line for line in lines if re.search(r"\b[A-Za-z]+ [a-z]+ [a-z]+\b", line)]
    english = shown(capsys, *filter(None, [command]), "--help").splitlines()
    titles = {line for line in english if line.endswith(":") and not line.startswith(" ")}
    assert not titles & {*lines}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["problems", "--lang"], "аргумент --lang: ожидается одно значение"),
        (["problems", "--lang", "de"], "аргумент --lang: 'de' не подходит (варианты: "),
        (["problems", "--json=1"], "аргумент --json: значение '1' здесь лишнее"),
        (["problems", "more"], "лишние аргументы: more"),
        (["solve"], "не хватает аргументов: PROBLEM"),
        (["quiz", "--length", "many"], "аргумент --length: 'many' — не целое число"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_in_the_learners_language(
    words: list[str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LANG", "ru_RU.UTF-8")
    assert main(words) == 2
    assert f"backhand {words[0]}: {message}" in capsys.readouterr().err
