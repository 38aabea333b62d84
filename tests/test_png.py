"""Charts as PNG: a real image, small, the same bytes every time, with the palette's colours kept exactly."""

import io

import example
import matplotlib.image
import numpy as np
import PIL.Image
import pytest

import perfeval as pe
from perfeval.present import fonts, plot
from perfeval.present.png import chart_png, on_white, png, quantised


def waterfall() -> plot.ChartAxes:
    rows, scores = pe.rows(example.evaluation()), pe.scores(example.evaluation())
    return plot.waterfall(pe.score_parts(rows, scores))


def test_a_chart_is_a_small_image_and_the_same_every_time() -> None:
    first, second = (chart_png(waterfall()) for _ in range(2))
    assert first == second
    assert len(first) < 30_000
    assert PIL.Image.open(io.BytesIO(first)).info["dpi"] == pytest.approx((200, 200), abs=0.01)
    pixels = matplotlib.image.imread(io.BytesIO(first))
    assert pixels.shape[1] == 1000  # 5 inches at 200 dpi
    colours = {tuple(colour) for colour in np.round(pixels.reshape(-1, pixels.shape[2])[:, :3] * 255).astype(int)}
    assert tuple(int(fonts.MISSED[at : at + 2], 16) for at in (1, 3, 5)) in colours
    assert (255, 255, 255) in colours
    assert len(colours) <= 256


def test_the_figure_is_left_as_it_was() -> None:
    chart = waterfall()
    before = chart.figure.dpi, chart.title.get_visible()
    png(chart.figure, dpi=96)
    chart_png(chart, dpi=96)
    assert (chart.figure.dpi, chart.title.get_visible()) == before


def test_the_title_is_left_to_what_the_image_stands_in() -> None:
    chart, other = waterfall(), waterfall()
    other.set_title("别的题目")
    assert chart_png(chart) == chart_png(other)


def test_what_is_seen_through_is_white() -> None:
    pixels = np.array([[[0, 0, 0, 0], [10, 20, 30, 255], [0, 0, 0, 128]]], dtype=np.uint8)
    assert on_white(pixels).tolist() == [[[255, 255, 255], [10, 20, 30], [127, 127, 127]]]


def test_many_shades_become_few_and_the_common_one_stays() -> None:
    ramp = np.array([[[level % 256, level // 8 % 256, level % 7 * 30] for level in range(2000)]], dtype=np.uint8)
    ramp[0, 1000:] = (47, 111, 98)
    palette, indices = quantised(ramp)
    assert len(palette) <= 256
    assert palette[indices[0, 1500]].tolist() == [47, 111, 98]
    assert np.abs(palette[indices].astype(int) - ramp.astype(int)).max() < 32


def test_flat_colours_that_are_nearly_alike_stay_two() -> None:
    """White and the grey of a panel: what Pillow's own palettes of the same size make one."""
    edges = np.random.default_rng(7).integers(0, 256, (40, 100, 3), dtype=np.uint8)
    panel = np.full((100, 100, 3), (245, 247, 248), dtype=np.uint8)
    page = np.full((200, 100, 3), 255, dtype=np.uint8)
    palette, indices = quantised(np.concatenate([page, edges, panel]))
    assert len(palette) <= 256
    assert palette[indices[0, 0]].tolist() == [255, 255, 255]
    assert palette[indices[-1, 0]].tolist() == [245, 247, 248]
