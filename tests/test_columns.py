"""Which columns a document has, filled or not: from the form's headings to what the findings miss."""

from pathlib import Path

import pandas as pd
import pytest

import perfeval as pe
from perfeval.analysis.findings import findings
from perfeval.ingest.importing import import_files, write
from perfeval.ingest.writing import table_bytes
from perfeval.model.schema import ASSIGNED, BUDGET, INDICATORS

HEAD = "项目支出绩效自评表（2022年度）\n项目名称 | 管网改造\n"
MONEY = "项目资金(万元) | | {columns} | 执行率 | 分值 | 得分\n年度资金总额 | {cells} | 95% | 10 | 9.5\n"
ROWS = "一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分{column}\n" + "".join(
    f"{place} | {name} | {target} | {actual} | 30 | 30 |{{cell}}\n"
    for place, name, target, actual in [
        ("产出指标 | 数量指标", "改造管网长度", "≥6公里", "6公里"),
        ("效益指标 | 社会效益指标", "积水点消除率", "100%", "100%"),
        ("满意度指标 | 服务对象满意度", "居民满意度", "≥90%", "93%"),
    ]
)


def imported(folder: Path, text: str) -> pe.Evaluation:
    (folder / "表.txt").write_text(text, encoding="utf-8")
    documents = import_files([folder / "表.txt"], subdistrict="shili", year=2022, data_dir=folder / "data")
    assert write(documents, folder / "data")[0].status == "已写入"
    return pe.evaluate(pe.load(folder / "data"), "mof2020")


def form(
    *, columns: str = "全年预算数 | 全年执行数", cells: str = "| 100 | 95", column: str = "", cell: str = ""
) -> str:
    return HEAD + MONEY.format(columns=columns, cells=cells) + ROWS.format(column=column, cell=cell)


@pytest.mark.parametrize(
    ("text", "table", "column", "code"),
    [
        ({"column": " | 佐证材料"}, "indicators", "evidence", "E05"),
        ({"columns": "年初预算数 | 全年预算数 | 全年执行数", "cells": "| | 100 | 95"}, "budget", "opening", "M03"),
    ],
)
def test_an_empty_column_is_missed_and_one_the_form_has_not_is_not(
    tmp_path: Path, text: dict[str, str], table: str, column: str, code: str
) -> None:
    there = imported(tmp_path, form(**text))
    assert column in there.columns[table]
    assert code in set(findings(there)["code"])
    (tmp_path / "other").mkdir()
    absent = imported(tmp_path / "other", form())
    assert column not in absent.columns[table]
    assert code not in set(findings(absent)["code"])


def test_a_filled_column_is_not_missed(tmp_path: Path) -> None:
    result = imported(tmp_path, form(column=" | 佐证材料", cell=" 竣工验收单"))
    assert "E05" not in set(findings(result)["code"])


def test_a_form_without_levels_is_not_said_to_lack_a_category(tmp_path: Path) -> None:
    rows = "绩效指标 | 指标名称 | 计量单位 | 指标性质 | 年初指标值 | 调整指标值 | 全年完成值 | 得分系数(%) | 指标权重(分) | 指标得分(分)\n"
    rows += (
        " | 管网改造长度 | 公里 | | 6 | | 6 | 100% | 45 | 45\n | 积水点消除率 | % | | 100 | | 100 | 100% | 45 | 45\n"
    )
    money = "部门预算执行情况(万元) | 年初预算数 | 全年预算数 | 全年执行数 | 执行率(%) | 执行率权重 | 执行率得分(分)\n"
    money += " | 100 | 100 | 95 | 95% | 10 | 9.5\n"
    result = imported(tmp_path, "部门整体绩效自评表（2022年度）\n主管部门 | 示例局\n" + money + rows)
    assert result.indicators["source"].str.contains(ASSIGNED).all()
    assert not set(findings(result)["code"]) & {"S02", "S03", "S05", "S06", "S07"}


def test_a_file_without_a_column_says_that_the_form_has_none(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "shili" / "2022"
    folder.mkdir(parents=True)
    (folder / "budget.csv").write_text("item,executed,adjusted\n部门整体支出,95,100\n", encoding="utf-8")
    heading = "一级指标,三级指标,年度指标值,实际完成值"
    (folder / "indicators.csv").write_text(f"{heading}\n产出,改造长度,≥6公里,6公里\n", encoding="utf-8")
    data = pe.load(tmp_path / "data")
    assert data.columns == {
        ("budget", "shili", 2022): {"item", "executed", "adjusted"},
        ("indicators", "shili", 2022): {"category", "indicator", "target", "actual"},
    }
    assert pe.evaluate(data, "mof2020").columns["budget"] == {"item", "executed", "adjusted"}
    (folder / "indicators.csv").write_text(f"{heading},佐证材料\n产出,改造长度,≥6公里,6公里,\n", encoding="utf-8")
    assert "evidence" in pe.load(tmp_path / "data").columns["indicators", "shili", 2022]


def test_importing_the_same_again_changes_nothing(tmp_path: Path) -> None:
    imported(tmp_path, form(column=" | 佐证材料"))
    path = tmp_path / "data" / "shili" / "2022" / "indicators.csv"
    before = path.read_bytes()
    documents = import_files([tmp_path / "表.txt"], subdistrict="shili", year=2022, data_dir=tmp_path / "data")
    assert write(documents, tmp_path / "data")[0].status == "没有变化"
    assert path.read_bytes() == before


def test_required_columns_are_always_written() -> None:
    frame = pd.DataFrame([{"category": "产出", "indicator": "甲", "evidence": ""}])
    text = table_bytes(frame, INDICATORS, ("evidence",)).decode()
    assert text.splitlines()[0] == "category,indicator,evidence"
    assert table_bytes(pd.DataFrame([{"item": "甲"}]), BUDGET).decode().startswith("item,opening,adjusted,executed\n")
