"""The conventions on one screen: rows, d, local derivatives, which gradient, how one types."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from engine.language import mark_text, tr
from tui.widgets.key_bar import HELP_KEY, KeyBar


def conventions() -> list[tuple[str, str]]:
    """What is agreed on, each with its name."""
    return [
        (
            "X",
            tr(
                "Rows are observations, columns are features. A layer is written X·W: the rows "
                "stay, the columns are mixed."
            ),
        ),
        (
            "d",
            tr(
                "The gradient that arrives from above: the derivative of the loss by the layer's "
                "result, in the shape of that result. So ∂L/∂H₁ is as large as H₁."
            ),
        ),
        (
            "∂H₁/∂X",
            tr(
                "A local derivative is what d is multiplied by on its way back through one layer: "
                "the transposed weights of a linear layer, a mask of 0 and 1 of the ReLU, whose "
                "derivative at 0 is 0."
            ),
        ),
        (
            tr("1/n"),
            tr(
                "Masha's lesson passes back the gradient of each observation's own loss: the loss "
                "is averaged, but d is not divided by n. Where a problem wants the derivative of "
                "the mean itself, it says so."
            ),
        ),
        (
            tr("numbers"),
            tr(
                "-0.5, .5, 0,5, 1/3 and small sums such as 1*2 + 3 can be typed into a cell; "
                "exp, ln, sqrt and σ too."
            ),
        ),
        (
            tr("matrices"),
            tr(
                "Enter goes to the next empty cell. A whole matrix can be pasted: 2 -1; 0 1 or "
                "[[2, -1], [0, 1]], from NumPy, PyTorch or LaTeX as well."
            ),
        ),
        (
            tr("formulas"),
            tr(
                "· or @ is the matrix product, * or ⊙ cell by cell, ᵀ or .T the transpose, "
                "[H1 > 0] the mask. W1 and W₁ are the same."
            ),
        ),
    ]


class ConventionsScreen(ModalScreen[None]):
    """Shown before the first lesson, and from the help."""

    CSS_PATH = "page.tcss"
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (60, "-roomy")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (32, "-tall")]  # noqa: RUF012

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter,escape,q,й",
            "go_on",
            mark_text("Go on"),
            tooltip=mark_text("Close this page"),
            id="conventions.go_on",
        ),
        Binding(
            "down,pagedown,space",
            "scroll_page(1)",
            mark_text("Scroll"),
            key_display="↑↓",
            tooltip=mark_text("Show what is further below"),
            id="conventions.down",
        ),
        Binding(
            "up,pageup",
            "scroll_page(-1)",
            mark_text("Scroll up"),
            tooltip=mark_text("Show what is further above"),
            id="conventions.up",
            show=False,
        ),
        HELP_KEY,
    ]

    def compose(self) -> ComposeResult:
        """A title and a table of two columns."""
        with VerticalScroll(id="page", can_focus=False):
            yield Static(Content(tr("Conventions")), id="title", markup=False)
            for name, text in conventions():
                with Horizontal(classes="convention"):
                    yield Static(Content(name), classes="name", markup=False)
                    yield Static(Content(text), classes="text", markup=False)
        yield KeyBar()

    def retranslate(self) -> None:
        """Write every text anew, in the language there is now."""
        self.refresh(recompose=True)

    def action_go_on(self) -> None:
        """Close the page."""
        self.dismiss()

    def action_scroll_page(self, direction: int) -> None:
        """Scroll by a few lines."""
        self.query_one("#page").scroll_relative(y=3 * direction, animate=False)
