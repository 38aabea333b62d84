"""``perfeval import``: what was recognised, a preview, every problem, then the writing."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from dataclasses import replace as _replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from perfeval.cli.chinese import Chinese
from perfeval.cli.options import TROUBLE, bar, print_json
from perfeval.model.errors import ERROR, LETTERS, SEVERITIES, WORDS, PerfevalError, Problem

PREVIEW_ROWS, DIFFERENCE_ROWS = 12, 20
BLOCK_WIDTH = 16
"""Greatest width of a cell of the blocks of points."""
PREVIEW = {"goal_no": 4, "category": 12, "indicator": 32, "target": 16, "actual": 24, "declared_met": 18}
"""Columns of the preview and their greatest width, a Chinese character being two wide."""
RULE = 40
"""Greatest width of the line under a heading."""
YEARS = range(1990, 2101)
AMOUNTS = ("item", "goal_no", "opening", "adjusted", "executed")
EPILOG = (
    "退出码：0 完成；1 有文件未能识别或有错误，或因已有不同的数据没有写入；2 命令不对，或所指的文件不存在；130 被中断"
)


@click.command("import", cls=Chinese, epilog=EPILOG)
@click.argument("paths", nargs=-1, type=click.Path(), metavar="文件或文件夹…")
@click.option("--subdistrict", "-s", metavar="街道", help="街道编号或名称；文件写明单位的可不给，给新编号则加进名录")
@click.option("--year", "-y", type=int, metavar="年度", help="年度；文件写明的可不给")
@click.option("--into", type=click.Path(), metavar="目录", help="写入的数据目录，默认按 perfeval.toml")
@click.option("--dry-run", is_flag=True, help="只看识别结果和差异，不写入")
@click.option("--replace", is_flag=True, help="已有不同的数据时替换，原有数据留存")
@click.option("--undo", is_flag=True, help="恢复上一次 --replace 替换下来的数据；再用一次则还原")
@click.option("--problems", "marked", type=click.Path(), metavar="工作簿", help="把问题写成工作簿，在原表上标出")
@click.option("--json", "as_json", is_flag=True, help="输出JSON，供程序读取")
def import_(
    paths: tuple[str, ...],
    subdistrict: str | None,
    year: int | None,
    into: str | None,
    dry_run: bool,
    replace: bool,
    undo: bool,
    marked: str | None,
    as_json: bool,
) -> int:
    """导入自评表和自评报告：识别、检查、预览，然后写入数据目录。"""
    from perfeval.ingest import filing
    from perfeval.model.parallel import Workers, cores
    from perfeval.run import founding, project

    plausible(year)
    place = project.find()
    data = project.shown(Path(into).absolute() if into else place.data)
    if undo:
        return _undo(data, paths, subdistrict, year)
    if not paths:
        raise click.UsageError("缺少参数“文件或文件夹…”")
    first = into is None and not founding.begun(place.data)
    with Workers(cores()) as workers:
        documents = _read(paths, subdistrict, year, data, workers, quiet=as_json)
        outcomes = filing.write(documents, data, replace=replace, dry_run=dry_run, jobs=workers)
    fitted = founding.fit(place) if first and not dry_run else []
    problems = filing.every_problem(documents, outcomes)
    if marked is not None:
        from perfeval.ingest.markedworkbook import mark_documents

        mark_documents(marked, documents, problems)
        click.echo(f"问题已写入：{marked}", err=True)
    if as_json:
        print_json(_json(documents, outcomes))
    else:
        for document in documents:
            click.echo(described(document))
        click.echo(problem_lines(problems))
        for outcome in outcomes:
            click.echo(outcome_lines(outcome, replace=replace))
        if fitted:
            click.echo(f"笔记本的默认参数已改为导入的数据：{'、'.join(fitted)}。")
        if dry_run:
            click.echo("仅预览（--dry-run），没有写入任何文件。")
    return 0 if filing.in_order(documents, outcomes, problems) else TROUBLE


def _undo(data: str, paths: Sequence[str], subdistrict: str | None, year: int | None) -> int:
    """Bring back what the last import replaced."""
    from perfeval.ingest import replaced
    from perfeval.ingest.importing import find_subdistrict

    if paths:
        raise click.UsageError("--undo 不读文件：它恢复上一次导入替换下来的数据")
    root = Path(data)
    known = find_subdistrict(subdistrict, root)[0] or subdistrict if subdistrict else ""
    for one in replaced.bring_back(root, known, year):
        folder = (root / one.unit.subdistrict / str(one.unit.year)).as_posix()
        click.echo(f"已恢复  {folder}：{'、'.join(one.files)}")
        click.echo(f"  刚才的数据留在 {one.kept.as_posix()}，再用一次 --undo 可还原")
    return 0


def plausible(year: int | None) -> None:
    """:class:`PerfevalError` for a year that no document of ours can be of."""
    if year is not None and year not in YEARS:
        raise PerfevalError(f"年度须是{YEARS.start}至{YEARS.stop - 1}之间的四位数，现为“{year}”")


def _read(
    paths: Sequence[str], subdistrict: str | None, year: int | None, data: str, workers: Any, *, quiet: bool
) -> list[Any]:
    """The documents, by all cores where they are many."""
    from perfeval.ingest import importing

    total = len(importing.found_files(paths)[0])
    with bar("读取文件", "份", quiet=quiet) as advance:
        return importing.import_files(
            paths, subdistrict=subdistrict, year=year, data_dir=data, each=lambda _: advance(total), jobs=workers
        )


def _json(documents: Iterable[Any], outcomes: Iterable[Any]) -> dict[str, Any]:
    """Everything recognised, with the column names of the schema; money in 万元 and points as numbers."""
    from perfeval.model.schema import BLOCKS, BUDGET, INDICATORS

    listed = [
        {
            "file": document.file,
            "family": document.family,
            "confidence": document.confidence,
            "subdistrict": document.subdistrict,
            "unit": document.unit,
            "title": document.title,
            "year": document.year,
            "declared_score": plain(document.narrative.declared_score),
            "budget": _records(document.budget, [*BUDGET.names, "source"]),
            "indicators": _records(document.indicators, INDICATORS.names),
            "blocks": _records(document.blocks_frame(), BLOCKS.names),
            "narrative": plain(asdict(document.narrative)),
            "begins": [{"part": part, "place": place} for part, place in document.begins],
            "problems": [asdict(problem) for problem in document.problems],
            "account": _account(document.account),
        }
        for document in documents
    ]
    written = [
        {
            "subdistrict": outcome.subdistrict,
            "year": outcome.year,
            "status": outcome.status,
            "folder": outcome.folder,
            "problems": [asdict(problem) for problem in outcome.problems],
            "differences": outcome.differences.to_dict("records"),
        }
        for outcome in outcomes
    ]
    return {"documents": listed, "written": written}


def _account(account: Any) -> dict[str, Any]:
    """What became of the cells with content; of those left out, where they are and what they say."""
    left = [{"sheet": at.sheet, "row": at.row, "column": at.column, "text": text} for at, text in account.left]
    return {"cells": account.cells, "used": account.used, "named": account.named, "left": left}


def _records(frame: Any, columns: Sequence[str]) -> list[dict[str, Any]]:
    return [{name: plain(row.get(name, "")) for name in columns} for row in frame.to_dict("records")]


def plain(value: Any) -> Any:
    """A value as JSON has it: whole numbers without a point, other exact numbers as floats, nothing as null."""
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value if isinstance(value, str | int | float) and value == value else None  # noqa: PLR0124  # NaN


def described(document: Any) -> str:
    """What was recognised in a document, and its preview."""
    from perfeval.model.schema import BUDGET, CATEGORIES, INDICATORS

    if not document.family:
        notes = [problem for problem in document.problems if problem.severity == ERROR]
        return f"{document.file}\n  未识别" if notes else f"{document.file}\n  已跳过"
    score = document.narrative.declared_score
    whose = f"{document.unit or '单位未写'}（{document.subdistrict or '街道待定'}）{document.year or '年度待定'}"
    lines = [
        document.file,
        f"  识别为：{document.family}，把握{document.confidence:.0%}",
        f"  单位年度：{whose}{'' if score is None else f'；自评得分{score}'}",
        *([f"  名称：{document.title}"] if document.title else []),
        *([f"  位置：{'；'.join(f'{part} {place}' for part, place in document.begins)}"] if document.begins else []),
        *([f"  单元格：{account_line(document.account)}"] if document.account.cells else []),
    ]
    if len(document.budget):
        titles = ["预算项目", "目标", *(f"{BUDGET.column(name).title}（万元）" for name in AMOUNTS[2:])]
        rows = [[_cell(row.get(name), money=True) for name in AMOUNTS] for row in document.budget.to_dict("records")]
        lines += ["", *_block(titles, rows[:PREVIEW_ROWS], right=range(2, 5)), *_rest(len(rows), PREVIEW_ROWS)]
    if len(document.indicators):
        kinds = document.indicators["category"].value_counts()
        counted = "、".join(f"{name}{kinds[name]}" for name in CATEGORIES if name in kinds)
        others = len(document.indicators) - sum(kinds.get(name, 0) for name in CATEGORIES)
        counted += f"{'、' if counted else ''}其他{others}" if others else ""
        titles = ["目标", *(INDICATORS.column(name).title for name in list(PREVIEW)[1:])]
        rows = [
            [_cut(_cell(row.get(name)), width) for name, width in PREVIEW.items()]
            for row in document.indicators.to_dict("records")
        ]
        lines += ["", f"  指标{len(rows)}个（{counted}）"]
        lines += [*_block(titles, rows[:PREVIEW_ROWS]), *_rest(len(rows), PREVIEW_ROWS)]
    if document.blocks:
        lines += ["", f"  分值块{len(document.blocks)}个", *_printed_blocks(document.blocks_frame())]
    return "\n".join(lines) + "\n"


def _printed_blocks(blocks: Any) -> list[str]:
    """The points printed for goals, categories and other parts, as a table."""
    from perfeval.model.schema import BLOCKS

    titles = [BLOCKS.column(name).title for name in BLOCKS.names]
    rows = [[_cut(_cell(row[name]), BLOCK_WIDTH) for name in BLOCKS.names] for row in blocks.to_dict("records")]
    return [*_block(titles, rows[:PREVIEW_ROWS]), *_rest(len(rows), PREVIEW_ROWS)]


def account_line(account: Any) -> str:
    """``认出412格，用408格，有说明的1格，未用3格``."""
    named = f"，有说明的{account.named}格" if account.named else ""
    return f"认出{account.cells}格，用{account.used}格{named}，未用{len(account.left)}格"


def problem_lines(problems: Sequence[Problem]) -> str:
    """Every problem as a table, errors first; those that say the same are one line with all their places."""
    if not problems:
        return "没有发现问题。"
    from perfeval.ingest.problems import alike

    rows = []
    for group in alike(problems):
        first = group[0]
        values = dict.fromkeys(filter(None, (one.value for one in group)))
        places = dict.fromkeys(filter(None, (one.place for one in group)))
        said = f"{first.message} → {first.advice}" + (f"（{listed_places(group)}）" if len(places) > 1 else "")
        where = _cut_before(next(iter(places), ""), 60) if len(places) < 2 else f"{len(places)}处，见说明"  # noqa: PLR2004
        rows.append([first.severity, first.code, where, _cut("、".join(values), 24), said])
    counts = "、".join(f"{name}{sum(one.severity == name for one in problems)}处" for name in SEVERITIES)
    return "\n".join([f"问题：{counts}", *_block(["级别", "代码", "位置", "值", "说明和改法"], rows)])


def listed_places(problems: Iterable[Problem]) -> str:
    """``甲.xlsx［自评表］ C7、D7、C8；乙.xlsx``: the places of problems that say the same, each sheet named once."""
    sheets: dict[str, dict[str, None]] = {}
    for one in problems:
        spread = one.row is not None and LETTERS.fullmatch(one.column) and not one.file.lower().endswith(WORDS)
        cell = f"{one.column}{one.row}" if spread else ""
        whole = _replace(one, row=None, column="").place if cell else one.place
        sheets.setdefault(whole, {})[cell] = None
    return "；".join(f"{sheet} {'、'.join(cells)}".strip() for sheet, cells in sheets.items())


def difference_lines(differences: Any) -> str:
    """What differs from the data on file, as a table; empty where nothing does."""
    rows = [
        [_cut(text, 36) for text in (one.table, one.key, _titled(one.table, one.column), one.on_file, one.new)]
        for one in differences.itertuples(index=False)
    ]
    if not rows:
        return ""
    lines = _block(["表", "行", "列", "现有", "新的"], rows[:DIFFERENCE_ROWS])
    return "\n".join([f"与现有数据有{len(rows)}处不同", *lines, *_rest(len(rows), DIFFERENCE_ROWS)])


def _titled(table: str, column: str) -> str:
    """A column of a table on file as every message names it."""
    from perfeval.ingest.directory import TABLES

    known = table in TABLES and column in TABLES[table].names
    return TABLES[table].column(column).label if known else column


def outcome_lines(outcome: Any, *, replace: bool) -> str:
    """What became of a sub-district-year; ``replace``: whether data on file may be overwritten."""
    from perfeval.ingest.filing import READY, WRITTEN

    written = "、".join(
        f"{name} {rows}{'项' if name.endswith('.toml') else '行'}" for name, rows in outcome.rows.items()
    )
    why = "；".join(dict.fromkeys(problem.message for problem in outcome.problems if problem.severity == ERROR))
    line = f"{outcome.status}  {outcome.folder}{f'：{written or why}' if written or why else ''}"
    if outcome.status == READY and outcome.overwrites and not replace:
        line += "；现有数据与此不同，正式导入须加 --replace"
    if outcome.kept:
        line += f"\n  原有数据留在 {outcome.kept}；perfeval import --undo 可以恢复"
    changed = "" if outcome.status == WRITTEN else difference_lines(outcome.differences)
    return f"{line}\n{changed}".rstrip()


def width(text: str) -> int:
    """How many columns of a terminal a text takes: Chinese characters and full-width signs take two."""
    return sum(0 if unicodedata.combining(sign) else 1 + (unicodedata.east_asian_width(sign) in "WF") for sign in text)


def _cut(text: str, widest: int) -> str:
    """The text on one line, cut to a width."""
    line = " ".join(text.split())
    if width(line) <= widest:
        return line
    while line and width(line) > widest - 2:
        line = line[:-1]
    return line + "…"


def _cut_before(text: str, widest: int) -> str:
    """Likewise a place, whose end says more than its beginning."""
    line = " ".join(text.split())
    if width(line) <= widest:
        return line
    while line and width(line) > widest - 2:
        line = line[1:]
    return "…" + line


def _cell(value: Any, *, money: bool = False) -> str:
    if isinstance(value, Decimal):
        return f"{value:,}" if money else format(value, "f")
    return value if isinstance(value, str) else "" if plain(value) is None else str(value)


def _block(titles: Sequence[str], rows: Sequence[Sequence[str]], right: Iterable[int] = ()) -> list[str]:
    """A table whose columns line up, indented by two."""
    flush = set(right)
    widths = [max(width(row[column]) for row in (titles, *rows)) for column in range(len(titles))]
    lines = []
    for row in (titles, ["-" * min(wide, RULE) for wide in widths], *rows):
        cells = []
        for column, text in enumerate(row):
            gap = " " * (widths[column] - width(text))
            cells.append(gap + text if column in flush else text + gap)
        lines.append(("  " + "  ".join(cells)).rstrip())
    return lines


def _rest(rows: int, shown: int, hint: str = "") -> list[str]:
    return [f"  …… 另有{rows - shown}行{hint}"] if rows > shown else []
