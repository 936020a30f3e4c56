"""One typed number: what is read, with how many digits, and what is refused with which reason."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.marking.numbers import Number, UnreadableAnswer, read_number


@pytest.mark.parametrize(
    ("text", "value", "decimals"),
    [
        ("3", 3, 0),
        ("-0.5", Fraction(-1, 2), 1),
        ("+0.5", Fraction(1, 2), 1),
        ("- 0.5", Fraction(-1, 2), 1),
        (".5", Fraction(1, 2), 1),
        ("2.", 2, 0),
        ("0,5", Fraction(1, 2), 1),
        (",5", Fraction(1, 2), 1),
        ("-,25", Fraction(-1, 4), 2),
        ("1e-3", Fraction(1, 1000), 3),
        ("1.50E-2", Fraction(3, 200), 4),
        ("1.e+02", 100, 0),
        ("2,5e-1", Fraction(1, 4), 2),
        ("1е-3", Fraction(1, 1000), 3),  # a Cyrillic е
        ("0.0000001", Fraction(1, 10**7), 7),
        ("(-0.20)", Fraction(-1, 5), 2),
    ],
)
def test_a_decimal_number_is_read_exactly_with_its_digits(text, value, decimals):
    number = read_number(text)
    assert (number.value, number.decimals) == (value, decimals)
    assert number.exact


def test_trailing_zeros_count_as_typed_digits():
    assert [read_number(text).decimals for text in ("0.2", "0.20", "0.200", "2.0")] == [1, 2, 3, 1]
    assert read_number("0.20").printed == "0.20"


def test_0_1667_times_ten_thousand_is_not_floored():
    assert read_number("0.1667e4").value == 1667
    assert read_number("0.1667·10·10·10·10").value == 1667
    assert read_number("0.16678e4").value == Fraction(16678, 10)
    assert read_number("0.16678e4").decimals == 1


@pytest.mark.parametrize("sign", ["-", "−", "–", "—", "‐", "‑", "‒", "―", "－", "﹣", "➖"])
def test_every_minus_sign_is_a_minus_sign(sign):
    assert read_number(f"{sign}0.5").value == Fraction(-1, 2)
    assert read_number(f"3{sign}1").value == 2
    assert read_number(f"{sign}½").value == Fraction(-1, 2)


@pytest.mark.parametrize(
    ("text", "value", "echo"),
    [
        ("1/3", Fraction(1, 3), "1/3"),
        ("-1/3", Fraction(-1, 3), "-1/3"),
        ("2/6", Fraction(1, 3), "2/6"),
        ("½", Fraction(1, 2), "1/2"),
        ("−½", Fraction(-1, 2), "-1/2"),
        ("⅓", Fraction(1, 3), "1/3"),
        ("¾", Fraction(3, 4), "3/4"),
        ("1½", Fraction(3, 2), "3/2"),
        ("2/½", 4, "2/(1/2)"),
        ("1⁄3", Fraction(1, 3), "1/3"),
        ("2 - 1", 1, "2 - 1"),
        ("2--1", 3, "2 - (-1)"),
        ("2-3-4", -5, "2 - 3 - 4"),
        ("2-(3-4)", 3, "2 - (3 - 4)"),
        ("12/2/3", 2, "12/2/3"),
        ("12/(2/3)", 18, "12/(2/3)"),
        ("2·3 + 4×5 − 6÷3", 24, "2·3 + 4·5 - 6/3"),
        ("( 1 + 2 ) / 3", 1, "(1 + 2)/3"),
        ("-(1+2)*2", -6, "-(1 + 2)·2"),
        ("-(-1)", 1, "-(-1)"),
        ("0,5*2", 1, "0.5·2"),
        (r"\frac{1}{3}", Fraction(1, 3), "1/3"),
        (r"2\cdot\left(1-0{,}5\right)", 1, "2·(1 - 0.5)"),
    ],
)
def test_fractions_and_arithmetic_are_exact_and_have_unlimited_digits(text, value, echo):
    number = read_number(text)
    assert number.exact
    assert number.value == value
    assert number.printed == echo
    assert number.decimals is None or text == "-(-1)"


@pytest.mark.parametrize(
    ("text", "value", "echo"),
    [
        ("e", math.e, "e"),
        ("exp(1)", math.e, "exp(1)"),
        ("ln(2)", math.log(2), "ln(2)"),
        ("sqrt(2)", math.sqrt(2), "sqrt(2)"),
        ("√2", math.sqrt(2), "sqrt(2)"),
        ("tanh(0,5)", math.tanh(0.5), "tanh(0.5)"),
        ("sigmoid (1)", 1 / (1 + math.exp(-1)), "sigmoid(1)"),
        ("σ(1)", 1 / (1 + math.exp(-1)), "sigmoid(1)"),
        (r"\sigma(1)", 1 / (1 + math.exp(-1)), "sigmoid(1)"),
        ("σ(1)*(1-σ(1))", 0.19661193324148185, "sigmoid(1)·(1 - sigmoid(1))"),
        ("-ln(σ(1))", 0.31326168751822286, "-ln(sigmoid(1))"),
        ("1/(1+exp(-1))", 0.7310585786300049, "1/(1 + exp(-1))"),
        ("ехр(1)", math.e, "exp(1)"),  # all three letters Cyrillic
        ("EXP(0)", 1, "exp(0)"),
        ("sigmoid(-1000)", 0, "sigmoid(-1000)"),
        ("sigmoid(1000)", 1, "sigmoid(1000)"),
    ],
)
def test_functions_give_floats(text, value, echo):
    number = read_number(text)
    assert not number.exact
    assert number.decimals is None
    assert number.value == pytest.approx(value, rel=1e-15)
    assert number.printed == echo


@pytest.mark.parametrize(
    ("text", "echo"),
    [
        ("-0.5", "-0.5"),
        (".5", "0.5"),
        ("+007", "7"),
        ("2.", "2"),
        ("0,50", "0.50"),
        ("1e-3", "0.001"),
        ("1.5e3", "1500"),
        ("1e-300", "1e-300"),
        ("-0.00", "0.00"),
        ("−0", "0"),
        ("(-0.0)", "0.0"),
        ("0e-300", "0e-300"),
        ("1." + "0" * 48 + "e-9", "1." + "0" * 48 + "e-9"),
    ],
)
def test_a_number_is_echoed_the_way_it_was_read(text, echo):
    assert read_number(text).printed == echo


@pytest.mark.parametrize(
    ("text", "decimals", "shown"),
    [
        ("1/3", 4, "≈ 0.3333"),
        ("2/3", 4, "≈ 0.6667"),
        ("-2/3", 0, "≈ -1"),
        ("sigmoid(1)", 4, "≈ 0.7311"),
        ("1/8", 4, "= 0.125"),
        ("1/8", 2, "≈ 0.13"),
        ("10/2", 4, "= 5"),
        ("100", 0, "= 100"),
        ("1/30000000", 4, "≈ 3.333e-08"),
        ("exp(100)", 3, "≈ 2.69e+43"),
    ],
)
def test_the_value_of_an_expression_can_be_shown(text, decimals, shown):
    assert read_number(text).shown(decimals) == shown


def test_the_text_is_kept_as_typed_without_invisible_characters():
    assert read_number(" \u200b−½\ufeff\x1b ") == Number("−½", Fraction(-1, 2), None, "-1/2")
    assert read_number("1\u00a0+\u202f2").value == 3


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2^3", "Powers"),
        ("2**3", "Powers"),
        ("10²", "Powers"),
        ("10⁻³", "Powers"),
        ("50%", "Percent"),
        ("1_000", "underscore"),
        ("0x1F", "hexadecimal"),
        ("0b11", "hexadecimal"),
        ("3j", "complex"),
        ("1+2i", "complex"),
        ("i", "complex"),
        ("٣", "another script"),
        ("０.５", "another script"),
        ("१", "another script"),
        ("𝟙", "another script"),
        ("nan", "finite"),
        ("-Inf", "finite"),
        ("infinity", "finite"),
        ("∞", "finite"),
        ("1e400", "too large"),
        ("1e309", "too large"),
        ("1e999999999999", "too large"),
        ("1e-999999999999", "too small"),
        ("exp(1000)", "too large"),
        ("1e200*1e200", "too large"),
        ("1/0", "zero"),
        ("1/(2-2)", "zero"),
        ("1/tanh(0)", "zero"),
        ("ln(0)", "greater than 0"),
        ("ln(-1)", "greater than 0"),
        ("sqrt(-1)", "square root"),
        ("", "Nothing"),
        ("  _ ", "Nothing"),
        ("x", "“x” is not known"),
        ("log(2)", "“log” is not known"),
        ("A¼", "“A” is not known"),
        ("ln 2", "Brackets are missing after ln"),
        ("--1", "Two signs"),
        ("1 000", "no operator"),
        ("2(3)", "no operator"),
        ("2e", "no operator"),
        ("1.2.3", "two decimal points"),
        ("(1", "not closed"),
        ("1)", "not opened"),
        ("1 +", "missing at the end"),
        ("*2", "missing before"),
        ("1, 2", "comma"),
        ("1:3", "“:” can't stand"),
        ("H1=2", "equals"),
        ("...", "left out"),
        ("9" * 51, "50 digits"),
        ("1" * 201, "200 characters"),
        ("(" * 30 + "1" + ")" * 30, "inside each other"),
        ("*".join(["(1+1e-300)"] * 15), "too many digits"),
        ("__import__('os')", "underscore"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_own_reason(text, reason):
    with pytest.raises(UnreadableAnswer) as caught:
        read_number(text)
    assert reason in caught.value.message
    assert str(caught.value) == caught.value.message == caught.value.reason
    assert (caught.value.row, caught.value.column) == (None, None)


def test_fifty_digits_and_twenty_brackets_are_still_read():
    assert read_number("0." + "3" * 49).decimals == 49
    assert read_number("(" * 20 + "1" + ")" * 20).value == 1


_numbers = st.one_of(
    st.decimals(-1000, 1000, places=4).map(str),
    st.integers(0, 10**6).map(str),
    st.sampled_from(["½", "2½", "e", "1e-3", "0,25", "2.5E2"]),
)
_expressions = st.recursive(
    _numbers,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", " - ", "*", "·", "/"]), inner).map("".join),
        inner.map("({})".format),
        inner.map("-({})".format),
        inner.map("tanh({})".format),
        inner.map(r"\frac{{{0}}}{{3}}".format),
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(_expressions)
def test_the_echo_of_any_expression_is_read_as_the_same_number(text):
    try:
        number = read_number(text)
    except UnreadableAnswer:
        return
    again = read_number(number.printed)
    assert (again.value, again.decimals) == (number.value, number.decimals)
    assert again.printed == number.printed


@settings(deadline=None)
@given(st.recursive(
    st.integers(1, 99).map(lambda n: (str(n), Fraction(n))),
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(
        lambda t: (
            f"({t[0][0]} {t[1]} {t[2][0]})",
            {"+": Fraction.__add__, "-": Fraction.__sub__, "*": Fraction.__mul__}[t[1]](
                t[0][1], t[2][1]
            ),
        )
    ),
    max_leaves=10,
))  # fmt: skip
def test_arithmetic_is_exact(case):
    text, value = case
    assert read_number(text).value == value


@settings(deadline=None)
@given(st.one_of(st.text(), st.text("0123456789.,eE+-*/()½ _^%σxij∞\\{}", max_size=40)))
def test_no_text_raises_anything_but_the_readers_own_error(text):
    try:
        number = read_number(text)
    except UnreadableAnswer:
        return
    assert math.isfinite(number.value)
    assert number.shown(4)
    assert number.printed
