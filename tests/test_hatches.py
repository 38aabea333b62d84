"""Hatches of drawings: lines, not patterns, which browsers print as pictures in pixels."""

import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle

from perfeval.present import canvas, fonts
from perfeval.present.svg import svg

HATCHED = {f"{style['hatch']} {style['edgecolor']}": style for style in (*canvas.STYLES.values(), *canvas.OTHERS)
           if "hatch" in style}  # fmt: skip
STEP = re.compile(r"[Mm](-?[\d.]+) ?(-?[\d.]+)l(-?[\d.]+) ?(-?[\d.]+)")


def drawing(patch: Rectangle | Circle) -> ET.Element:
    figure = Figure(figsize=(1, 1), dpi=72, facecolor="none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 72), ylim=(72, 0))
    axes.axis("off")
    axes.add_artist(patch)
    return ET.fromstring(svg(figure, "one"))  # noqa: S314  # our own


def lines(drawn: ET.Element) -> list[tuple[float, float, float, float]]:
    """Every line of the drawing's paths that begin or go on where another ends."""
    found: list[tuple[float, float, float, float]] = []
    x, y = 0.0, 0.0
    for path in drawn.iter("path"):
        for across, down, on, under in (map(float, step) for step in STEP.findall(path.get("d", ""))):
            first = not found
            x, y = (across, down) if first else (x + across, y + down)
            found.append((x, y, x + on, y + under))
            x, y = found[-1][2:]
    return found


@pytest.mark.parametrize("style", HATCHED.values(), ids=HATCHED)
def test_a_hatched_bar_is_its_ground_under_lines(style: dict[str, Any]) -> None:
    drawn = drawing(Rectangle((8, 20), 40, 11, **style))
    text = ET.tostring(drawn, encoding="unicode")
    assert "pattern" not in text
    bar, over = drawn.iter("path")
    names = {fonts.PAPER: "paper", fonts.MISSED: "miss"}
    assert f"fill:var(--{names[style['facecolor']]})" in bar.attrib["style"]
    assert re.fullmatch(r"stroke:var\(--\w+\);stroke-width:[\d.]+", over.attrib["style"])
    assert bar.get("clip-path") == over.get("clip-path")


def test_verdicts_are_told_apart_by_their_lines_alone() -> None:
    slopes = {}
    for verdict, style in canvas.STYLES.items():
        steps = {(round(to_x - x, 1) != 0, round(to_y - y, 1) != 0) for x, y, to_x, to_y in lines(
            drawing(Rectangle((8, 20), 40, 11, **style)))}  # fmt: skip
        slopes[verdict] = (style["facecolor"], frozenset(steps))
    assert len({*slopes.values()}) == len(slopes)


@given(
    hatch=st.sampled_from(["////", "xxx", "|||", "---", "+++", "\\\\"]),
    box=st.tuples(*[st.integers(0, 40)] * 2, *[st.integers(6, 32)] * 2),
)
def test_every_line_runs_from_edge_to_edge_as_densely_as_the_pattern(hatch: str, box: tuple[int, ...]) -> None:
    x, y, width, height = box
    found = lines(drawing(Rectangle((x, y), width, height, facecolor="white", edgecolor="black", hatch=hatch)))
    upright = sum(start == end for start, _, end, _ in found)
    level = sum(start == end for _, start, _, end in found)
    slanting = len(found) - upright - level
    for line in found:
        for across, down in (line[:2], line[2:]):
            assert x - 0.11 <= across <= x + width + 0.11
            assert y - 0.11 <= down <= y + height + 0.11
            assert min(abs(across - x), abs(across - x - width), abs(down - y), abs(down - y - height)) < 0.11
    of = {sign: hatch.count(sign) * 6 / 72 for sign in "/x\\|-+"}
    assert upright == pytest.approx((of["|"] + of["+"]) * width, abs=1)
    assert level == pytest.approx((of["-"] + of["+"]) * height, abs=1)
    assert slanting == pytest.approx((of["/"] + of["\\"] + 2 * of["x"]) / 2 * (width + height), abs=2)


@pytest.mark.parametrize(
    "patch",
    [Circle((30, 30), 20, hatch="///", facecolor="white"), Rectangle((8, 20), 40, 11, hatch="...", facecolor="white")],
    ids=["another shape", "dots"],
)
def test_what_is_not_lines_over_a_rectangle_keeps_its_pattern(patch: Rectangle | Circle) -> None:
    drawn = drawing(patch)
    (pattern,) = drawn.iter("pattern")
    assert f"url(#{pattern.get('id')})" in ET.tostring(drawn, encoding="unicode")
