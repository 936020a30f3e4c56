"""Where the matrices of a sheet stand, and where the arrows lead."""

from __future__ import annotations

from tui.widgets.sheet_layout import Block, Page, Place, lay_out


def block(
    key: str, rows: int, columns: int, *, given: bool = False, heading: str = "", text: str = "1"
) -> Block:
    """A matrix of equal texts."""
    cells = tuple((text,) * columns for _ in range(rows))
    return Block(key, f"{key} = ", cells, given=given, heading=heading)


def tops(page: Page) -> list[tuple[str, int, int]]:
    """Each matrix with its place."""
    return [(each.block.key, each.x, each.y) for each in page.placed]


def test_matrices_stand_side_by_side_as_long_as_there_is_room() -> None:
    blocks = [block("A", 2, 2), block("B", 2, 2), block("C", 2, 2)]
    width = blocks[0].width
    assert width == len("A = ⎛ 1  1 ⎞")
    page = lay_out(blocks, 2 * width + 2)
    assert tops(page) == [("A", 0, 0), ("B", width + 2, 0), ("C", 0, 3)]
    assert (page.width, page.height) == (2 * width + 2, 5)
    assert lay_out(blocks, 2 * width + 1).placed[1].y == 3


def test_without_lines_between_them_they_stand_closer() -> None:
    page = lay_out([block("A", 2, 2), block("B", 2, 2)], 5, row_gap=0)
    assert [y for _, _, y in tops(page)] == [0, 2]
    assert page.height == 4


def test_the_labels_of_neighbours_are_level() -> None:
    page = lay_out([block("A", 5, 1), block("B", 1, 1), block("C", 2, 1)], 99)
    assert [y for _, _, y in tops(page)] == [0, 2, 2]


def test_a_heading_begins_a_line_of_its_own() -> None:
    page = lay_out([block("A", 1, 1, heading="forward"), block("B", 1, 1, heading="loss")], 99)
    assert page.headings == {0: "forward", 3: "loss"}
    assert [y for _, _, y in tops(page)] == [1, 4]


def test_a_matrix_that_is_too_wide_keeps_its_width() -> None:
    wide = block("W", 1, 30)
    page = lay_out([block("A", 1, 1), wide], 20)
    assert page.width == wide.width
    assert page.placed[1].shelf == 1


def test_nothing_at_all_has_no_lines() -> None:
    page = lay_out([], 10)
    assert (page.width, page.height, page.placed) == (0, 0, ())
    assert page.at(0, 0) is None


def test_left_and_right_lead_over_the_edge_to_the_neighbour_on_the_same_line() -> None:
    page = lay_out([block("A", 2, 2), block("B", 2, 2)], 99)
    assert page.step(Place(0, 1, 0), 1) == Place(0, 1, 1)
    assert page.step(Place(0, 1, 1), 1) == Place(1, 1, 0)
    assert page.step(Place(1, 0, 0), -1) == Place(0, 0, 1)
    assert page.step(Place(0, 0, 0), -1) == Place(0, 0, 0)
    assert page.step(Place(1, 1, 1), 1) == Place(1, 1, 1)


def test_at_the_end_of_a_shelf_the_next_one_begins() -> None:
    page = lay_out([block("A", 3, 1), block("B", 2, 1)], 8)
    assert page.step(Place(0, 2, 0), 1) == Place(1, 0, 0)


def test_up_and_down_lead_to_what_is_nearest() -> None:
    page = lay_out([block("A", 2, 2), block("B", 2, 2), block("C", 2, 2)], 30)
    assert page.climb(Place(0, 0, 1), 1) == Place(0, 1, 1)
    assert page.climb(Place(1, 1, 0), 1) == Place(2, 0, 1)
    assert page.climb(Place(2, 0, 0), -1) == Place(0, 1, 0)
    assert page.climb(Place(0, 0, 0), -1) == Place(0, 0, 0)
    assert page.climb(Place(2, 1, 1), 1) == Place(2, 1, 1)


def test_the_next_given_cell_is_found_round_the_end() -> None:
    page = lay_out(
        [block("A", 1, 2, given=True), block("B", 1, 1), block("C", 1, 1, given=True)], 99
    )
    seen = [Place(0, 0, 0)]
    for _ in range(3):
        seen.append(page.next_given(seen[-1], 1))
    assert seen == [Place(0, 0, 0), Place(0, 0, 1), Place(2, 0, 0), Place(0, 0, 0)]
    assert page.next_given(Place(0, 0, 0), -1) == Place(2, 0, 0)
    assert page.next_given(Place(1, 0, 0), 1) == Place(2, 0, 0)
    nothing = lay_out([block("A", 1, 1)], 99)
    assert nothing.next_given(Place(0, 0, 0), 1) == Place(0, 0, 0)


def test_a_point_is_in_the_nearest_cell_of_its_line() -> None:
    page = lay_out([block("A", 2, 2), block("B", 2, 2)], 99)
    second = page.placed[1]
    assert page.at(second.offsets[1], 1) == Place(1, 1, 1)
    assert page.at(0, 0) == Place(0, 0, 0)
    assert page.at(98, 1) == Place(1, 1, 1)
    assert page.at(0, 9) is None
