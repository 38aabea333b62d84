"""The charts of the exploring notebook: what is chosen, as completion over the years and as attainment row by row."""

import pandas as pd

from perfeval.present import drawing, fonts, labels
from perfeval.present.drawing import STYLES, Chart
from perfeval.present.narrative import records

MOST = 10
"""Indicators drawn at most, those furthest from their targets first."""
FULL = 1.2
"""The attainment at which a bar is cut: more is told in figures."""


@drawing.styled
def by_year(yearly: pd.DataFrame) -> Chart | None:
    """Completion by year, from rows with year, rows, met, most, low and high; None without rows."""
    rows = [row for row in records(yearly) if row["rows"]]
    if not rows:
        return None
    years = [int(row["year"]) for row in rows]
    low, high = ([float(row[end]) for row in rows] for end in ("low", "high"))
    figure = drawing.yearly(years, low, labels.percent, high if high != low else ())
    told = "，".join(f"{row['year']}年{row['rows']}项完成{labels.interval(row['low'], row['high'])}" for row in rows)
    title = "各年的指标完成率" + ("：线为能判定完成的，带形为凭申报完成和无法判定的" if high != low else "")
    return Chart("chosenyears", figure, title, f"折线图，指标完成率：{told}。纵轴不从0起。")


@drawing.styled
def by_indicator(rows: pd.DataFrame) -> Chart | None:
    """Attainment of each indicator row (indicator, year, attainment, status), lowest first; None where none has one."""
    measured = rows[rows["attainment"].notna()].sort_values("attainment", kind="stable")
    if measured.empty:
        return None
    shown, rest = measured.head(MOST), len(measured) - MOST
    years = measured["year"].nunique() > 1
    figure, axes = drawing.lines(len(shown), FULL)
    for place, row in enumerate(records(shown)):
        name = f"{row['year']}　{labels.one_line(row['indicator'])}" if years else row["indicator"]
        drawing.line_text(axes, place, name, labels.percent(row["attainment"]))
        drawing.bar(axes, place, 0, 1, facecolor=fonts.TRACK, edgecolor=fonts.TRACK)
        drawing.bar(axes, place, 0, min(max(float(row["attainment"]), 0.0), FULL), **STYLES[row["status"]])
    axes.plot([1, 1], [0, len(shown)], color=fonts.SOFT, linewidth=0.8)
    title = "各项指标的完成程度（竖线为目标）" + (f"；另有{rest}项见表" if rest > 0 else "")
    told = "；".join(
        f"{row['year']}年{labels.one_line(row['indicator'])}{labels.percent(row['attainment'])}"
        for row in records(shown)
    )
    return Chart("chosenrows", figure, title, f"条形图，完成程度：{told}。")
