"""The keys of a lesson and of a quiz, on both keyboard layouts."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from engine.language import mark_text

SESSION_KEYS: list[BindingType] = [
    Binding(
        "enter",
        "go_on",
        mark_text("Next question"),
        tooltip=mark_text("Go on to the next question"),
        id="session.go_on",
    ),
    Binding(
        "enter",
        "answer",
        mark_text("Type an answer"),
        tooltip=mark_text("Go back to typing the answer"),
        id="session.answer",
    ),
    Binding(
        "f5",
        "check",
        mark_text("Check"),
        tooltip=mark_text("Check what is typed so far"),
        id="session.check",
        show=False,
    ),
    Binding(
        "question_mark,h,р",
        "hint",
        mark_text("Hint"),
        tooltip=mark_text("Show the next hint"),
        id="session.hint",
    ),
    Binding(
        "f3,r,к",
        "reveal",
        mark_text("Reveal"),
        tooltip=mark_text("Show the right answer; the question then isn't counted"),
        id="session.reveal",
    ),
    Binding(
        "pageup,b,и",
        "look_back",
        mark_text("Back"),
        tooltip=mark_text("Look at the question before"),
        id="session.back",
    ),
    Binding(
        "pagedown",
        "look_forth",
        mark_text("Forth"),
        tooltip=mark_text("Look at the next question that was already asked"),
        id="session.forth",
        show=False,
    ),
    Binding(
        "n,т",
        "skip",
        mark_text("Skip"),
        tooltip=mark_text("Go on without an answer; one can come back"),
        id="session.skip",
    ),
    Binding(
        "f4,k,л",
        "known",
        mark_text("All known"),
        tooltip=mark_text("Show every matrix that is known, or only those needed here"),
        id="session.known",
    ),
    Binding(
        "q,й,escape",
        "home",
        mark_text("Home"),
        tooltip=mark_text("Leave; the place and the half-typed answer are kept"),
        id="session.home",
    ),
    Binding(
        "ctrl+down,space",
        "scroll_body(1)",
        mark_text("Scroll down"),
        tooltip=mark_text("Show what is further below"),
        id="session.down",
        show=False,
    ),
    Binding(
        "ctrl+up",
        "scroll_body(-1)",
        mark_text("Scroll up"),
        tooltip=mark_text("Show what is further above"),
        id="session.up",
        show=False,
    ),
    Binding(
        "p,з",
        "proof",
        mark_text("Proof"),
        tooltip=mark_text("Nudge the marked cell and see what the loss does"),
        id="session.proof",
    ),
    Binding(
        "c,с",
        "copy('numpy')",
        mark_text("Copy NumPy"),
        tooltip=mark_text("Copy the line of NumPy"),
        id="session.numpy",
        show=False,
    ),
    Binding(
        "t,е",
        "copy('pytorch')",
        mark_text("Copy PyTorch"),
        tooltip=mark_text("Copy the line of PyTorch"),
        id="session.pytorch",
        show=False,
    ),
]
