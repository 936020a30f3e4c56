"""Texts of any kind in a problem: shown as they are, breaking no layout, commanding no terminal."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import select
import struct
import sys
import termios
from pathlib import Path
from time import monotonic

import pytest
from rich.cells import cell_len
from textual.events import Paste

from engine.problems.reading import load
from tests.tui.playing import make_app, screen_text, session_of, type_text
from tui.app import BackhandApp
from tui.command_line import main
from tui.screens.explore_start import ExploreStartScreen
from tui.widgets.key_bar import KeyBar

ODD = {
    "markup": "[b]x[/b] [red]dz[i] [/nothing] [@click=app.quit]no[/]",
    "escape": "a\x1b[31mred\x1b]0;title\x07\x9b5m b\x1b]52;c;aGk=\x07 c\x1bP1$r\x1b\\",
    "controls": "a\x00b\x07c\x08d\x7fe\x85f\x9fg",
    "right to left": "שלום \u202eabc\u202c عربي\u200f",
    "emoji": "🧠👩‍🔬🇷🇺 1️⃣ ok",
    "combining": "e\u0301 a\u0308\u0323 Z\u0351\u036b\u0343 end",
    "wide": "漢字かな交じり",
    "long": "word " * 819,
    "one long word": "W" * 4096,
    "several lines": "one\ntwo\t three\r\n\n  four",
}
FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def quoted(text: str) -> str:
    """As a TOML string."""
    escaped = (
        f"\\u{ord(c):04x}" if ord(c) < 32 or 127 <= ord(c) < 160 or c in '"\\' else c for c in text
    )
    return f'"{"".join(escaped)}"'


def write_problem(folder: Path, text: str) -> Path:
    """A problem with that text in every place that takes one."""
    words = quoted(text)
    path = folder / "odd.toml"
    path.write_text(
        f'format = 1\nid = "odd"\ntitle = {words}\nintro = {words}\n'
        "[values]\nX = [[1, 2]]\nW = [[1], [2]]\n"
        '[[forward]]\nlayer = "linear"\nweight = "W"\nto = "H"\n'
        f'[[published]]\nkey = "H"\nvalue = [[4]]\nerratum = {words}\n'
        f'[[parts]]\nlabel = "а"\nask = ["value H"]\ntext = {words}\n',
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize("kind", ODD)
def test_what_a_terminal_obeys_is_taken_out_when_a_text_is_read(kind: str, tmp_path: Path) -> None:
    problem = load(str(write_problem(tmp_path, ODD[kind])))
    for text in (problem.title, problem.intro, problem.parts[0].text):
        assert isinstance(text, str)
        assert not FORBIDDEN.search(text.replace("\t", " "))
        kept = FORBIDDEN.sub("", ODD[kind])
        assert "".join(text.split()) == "".join(kept.split())


SIZES = pytest.mark.parametrize("size", [(80, 24), (40, 12)], ids=["80x24", "40x12"])


@SIZES
@pytest.mark.parametrize("kind", ODD)
async def test_an_odd_text_is_shown_and_breaks_no_line(
    kind: str, size: tuple[int, int], tmp_path: Path
) -> None:
    app = make_app(tmp_path, ("lesson", str(write_problem(tmp_path, ODD[kind]))))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        first = FORBIDDEN.sub("", ODD[kind]).split()[0][:8]
        assert first in screen_text(app)
        for _ in range(2):
            text = screen_text(app)
            assert all(cell_len(line) == size[0] for line in text.split("\n"))
            assert not FORBIDDEN.search(text.replace("\n", ""))
            if session_of(app).here.status == "open":
                await type_text(pilot, "5")
                await pilot.press("enter")
                await pilot.pause()
        assert "✓" in screen_text(app)


def look_at(app: BackhandApp, seen: str, *, titled: str = "") -> None:
    """The screen has whole lines, its keys on the last one, and nothing that a terminal obeys."""
    last = look_at_lines(app, seen, titled=titled)[-1]
    assert app.screen.query(KeyBar), seen
    assert any(key in last for key in ("enter", "esc", "q ", "f1")), seen


def look_at_lines(app: BackhandApp, seen: str, *, titled: str = "") -> list[str]:
    """The lines of the screen: whole, and with nothing that a terminal obeys."""
    lines = screen_text(app).split("\n")
    assert all(cell_len(line) == app.size.width for line in lines), seen
    assert not any(map(FORBIDDEN.search, lines)), seen
    assert any(titled in line for line in lines), seen
    return lines


TOURS = [(kind, (80, 24)) for kind in ODD] + [
    (kind, (40, 12)) for kind in ("emoji", "wide", "long", "one long word", "several lines")
]


@pytest.mark.parametrize(("kind", "size"), TOURS)
async def test_an_odd_text_breaks_no_screen_that_shows_it(
    kind: str, size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_problem(tmp_path, ODD[kind])
    title = load(str(path)).title
    monkeypatch.setattr("tui.lessons._title", lambda identity: title)
    first = title.split()[0][:6]
    app = make_app(tmp_path, ("lesson", str(path)))
    async with app.run_test(size=size) as pilot:
        for seen, keys in (
            ("conventions", []),
            ("lesson", ["enter"]),
            ("help", ["f1"]),
            ("revealed", ["escape", "f3", "f3"]),
            ("its end", ["space", "space"]),
            ("finished", ["enter"]),
        ):
            await pilot.press(*keys)
            await pilot.pause()
            look_at(app, seen, titled=first if seen not in ("conventions", "help") else "")
        app.action_explore()
        await pilot.pause()
        look_at(app, "explore", titled=first)
        await pilot.press("a")
        await pilot.pause()
        look_at(app, "own lesson", titled=first)
        app.action_home()
        await pilot.pause()
        look_at(app, "home", titled=first)
        await pilot.press("right", "down")
        await pilot.pause()
        look_at(app, "path", titled=first)
        app.open_home()
        app.push_screen(ExploreStartScreen())
        await pilot.pause()
        look_at(app, "explore start", titled=first)
        app.open_lesson("masha")
        await pilot.pause()
        app.action_progress()
        await pilot.pause()
        look_at(app, "progress")
        await pilot.press("ctrl+p")
        await app.workers.wait_for_complete()
        await pilot.pause()
        look_at_lines(app, "palette")
        await type_text(pilot, "Lesson: " + first[:3])
        await app.workers.wait_for_complete()
        await pilot.pause()
        look_at_lines(app, "palette, searched", titled=first)


@pytest.mark.parametrize("kind", ODD)
async def test_what_a_learner_pastes_breaks_no_screen_and_commands_no_terminal(
    kind: str, tmp_path: Path
) -> None:
    app = make_app(tmp_path, ("lesson", "masha"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("enter")
        for seen in ("formula", "matrix"):
            app.post_message(Paste(ODD[kind]))
            await pilot.pause()
            look_at(app, f"{seen}, pasted")
            await pilot.press("f5")
            await pilot.pause()
            look_at(app, f"{seen}, checked")
            await pilot.press("escape", "n")
            await pilot.pause()
        await pilot.press("pageup", "q")
        await pilot.pause()
        look_at(app, "home, half typed")


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("kind", ODD)
def test_the_line_mode_prints_nothing_that_a_terminal_obeys(
    kind: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = write_problem(tmp_path, ODD[kind])
    monkeypatch.setattr("sys.stdin", io.StringIO(":hint\n4\n5\n"))
    words = ["lesson", str(path), "--plain", "--data-dir", str(tmp_path / "data")]
    assert main(words) == 0
    told = capsys.readouterr().out
    assert ODD[kind].split()[0][:1] in told
    assert not FORBIDDEN.search(told.replace("\n", ""))
    assert main(["solve", str(path)]) == 0
    assert not FORBIDDEN.search(capsys.readouterr().out.replace("\n", ""))


OURS = re.compile("\x1b\\]22;[a-z-]*\x07")
"""The shape of the mouse pointer, which Textual asks for."""

TOUR = [
    (b"Conventions", b"\r"),
    (b"MARK", b"\x1bOR"),  # F3
    (b"without a try", b"\x1bOR"),
    (b"shown, not counted", b"\r"),
    (b"The lesson is done", b"x"),
    (b"explore", b"q"),
    (b"The lesson is done", b"q"),
    (b"Backpropagation by hand", b"\x11"),
]
"""What is waited for, and what is pressed then."""


def bytes_of_a_tour(path: Path, folder: Path) -> bytes:
    """What the app writes to its terminal on the way from a lesson's start to home."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", PYTHONDONTWRITEBYTECODE="1")
        words = ["-m", "tui", "lesson", str(path), "--data-dir", str(folder), "--lang", "en"]
        os.execv(sys.executable, [sys.executable, *words])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    written, since = b"", 0
    waiting = list(TOUR)
    began = monotonic()
    while monotonic() - began < 60:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                piece = os.read(terminal, 65536)
            except OSError:
                break
            if not piece:
                break
            written += piece
        if waiting and waiting[0][0] in written[since:]:
            since = len(written)
            os.write(terminal, waiting.pop(0)[1])
    os.close(terminal)
    _, status = os.waitpid(pid, 0)
    assert not waiting, written[-2000:]
    assert os.waitstatus_to_exitcode(status) == 0, written[-2000:]
    return written


def test_no_control_sequence_of_a_text_reaches_the_terminal(tmp_path: Path) -> None:
    evil = f"MARK {ODD['escape']} {ODD['controls']} {ODD['right to left']} {ODD['markup']}"
    written = bytes_of_a_tour(write_problem(tmp_path, evil), tmp_path / "data")
    ours = OURS.sub("", written.decode("utf-8", "replace"))
    for sequence in ("\x1b[31mred", "\x1b]0;", "\x9b", "\x1b]52;", "\x1bP1$r", "\u202e", "\u200f"):
        assert sequence not in ours, ascii(sequence)
    for control in "\x00\x07\x08\x7f\x85\x9f":
        assert control not in ours, ascii(control)
    assert "[b]x[/b]" in ours
