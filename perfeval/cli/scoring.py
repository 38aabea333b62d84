"""``perfeval score``: declared and recomputed totals side by side, under one rule set or all of them."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from perfeval.cli import options
from perfeval.cli.chinese import Chinese
from perfeval.cli.options import print_json

if TYPE_CHECKING:
    from perfeval.model.data import Data
    from perfeval.model.results import Evaluation
    from perfeval.model.ruleset import RuleSet

ALL = "all"
EPILOG = "退出码：0 完成；1 数据有错误；2 命令不对，或所指的街道、年度、规则不存在"


@click.command(cls=Chinese, epilog=EPILOG)
@options.units
@click.option(
    "--ruleset",
    default=ALL,
    metavar="规则",
    help="规则名称、自己的规则文件（.toml，相对于数据目录的上一级目录），或 all（全部，默认）",
)
@options.data
@options.as_json
def score(subdistricts: tuple[str, ...], years: tuple[int, ...], ruleset: str, data: str | None, as_json: bool) -> int:
    """复算得分：申报与复算并列，列出哪些规则能得出自评得分，以及每项的依据。"""
    from perfeval.ingest import store
    from perfeval.run import project

    place = project.find().with_folders(data)
    units = project.on_file(place.data, subdistricts or None, years or None)
    rules = _rules(place.ruleset if ruleset == ALL else ruleset, place.data.parent, everything=ruleset == ALL)
    found = [_scored(store.load(project.shown(place.data), name, year), rules) for name, year in units]
    if as_json:
        facts = [fact for results in found for fact in map(_facts, results)]
        print_json({"scores": facts})
    else:
        click.echo("\n\n".join(_page(results) for results in found))
    return 0


def _rules(name: str, folder: Path, *, everything: bool) -> "list[RuleSet]":
    """The rule set asked for, or with ``everything`` that of the settings first and then all presets."""
    from perfeval.analysis import rulesets
    from perfeval.rules import find

    chosen = find(name, folder)
    others = [rulesets.preset(other) for other in rulesets.names() if other != chosen.name] if everything else []
    return [chosen, *others]


def _scored(data: "Data", rules: "list[RuleSet]") -> "list[Evaluation]":
    from perfeval.evaluating import evaluate

    return [evaluate(data, one) for one in rules]


def _reproduces(result: "Evaluation") -> bool | None:
    """Whether the recomputed total, at the decimals printed, is the printed one; None where nobody can tell."""
    from perfeval.analysis.scoring import reproduces
    from perfeval.model.results import DECLARED

    return reproduces(result.scores[DECLARED], result.narrative.declared_score)


def _facts(result: "Evaluation") -> dict[str, Any]:
    from perfeval.model.results import DECLARED, STRICT

    whole = result.scores[DECLARED]
    return {
        "subdistrict": result.subdistrict,
        "year": result.year,
        "state": result.state,
        "unfilled": result.unfilled,
        "declared": result.declared_score,
        "ruleset": result.ruleset.name,
        "total": whole.total,
        "strict": result.scores[STRICT].total,
        "execution": whole.execution,
        "reproduces": _reproduces(result),
        "accounts": [{"what": one.what, "state": one.state, "sentence": one.sentence} for one in result.accounts],
        "rows": _rows(result),
    }


def _rows(result: "Evaluation") -> list[dict[str, Any]]:
    """Each row's points and score; difference is declared − recomputed, None where no score is declared."""
    rows = []
    for row in result.indicators.to_dict("records"):
        declared = None if row["declared_score"] is None else float(row["declared_score"])
        score = float(row["score"]) if result.score is not None else None  # a form not evaluated has no row scores
        difference = None if declared is None or score is None else round(declared - score, 6)
        rows.append(
            {
                "indicator": row["indicator"],
                "points": row["points"],
                "score": score,
                "declared_score": declared,
                "difference": difference,
                "derivation": row["derivation"],
            }
        )
    return rows


def _page(results: "list[Evaluation]") -> str:
    """One sub-district-year: a line per rule set, then the rows of the first that differ or lose points."""
    from perfeval.model.results import DECLARED
    from perfeval.model.verdicts import EVALUATED, WHY
    from perfeval.present import narrative

    first = results[0]
    accounts = [f"  {account.state}：{account.sentence}" for account in first.accounts]
    lines = [f"{first.name} {first.year}　{_declared(first)}", *accounts]
    if first.state != EVALUATED:
        return "\n".join([*lines, f"  {WHY[first.state]}"])
    ordered = sorted(results, key=lambda result: -result.scores[DECLARED].known) if len(results) > 1 else results
    lines += [_line(result) for result in ordered]
    if first.declared_score is not None and len(results) > 1 and narrative.comparable(first):
        same = [result.ruleset.name for result in ordered if _reproduces(result)]
        lines.append(f"取整后与自评得分相同的规则：{'、'.join(same) or '没有'}")
    lines.append(f"以下按 {first.ruleset.name}：{narrative.split(first.scores[DECLARED])}")
    lines += [f"  说明：{note}" for note in first.notes]
    shown = [row for row in _rows(first) if row["difference"] or row["score"] < row["points"]]
    lines += [text for row in shown for text in _row(row)]
    if len(shown) < len(first.indicators):
        rest = f"其余{len(first.indicators) - len(shown)}" if shown else f"{len(first.indicators)}"
        lines.append(f"  {rest}项满分{'，与自评得分相同' if _declares(first) else ''}")
    return "\n".join(lines)


def _declared(result: "Evaluation") -> str:
    return "文件没有写总分" if result.declared_score is None else f"自评{_number(result.declared_score)}分"


def _declares(result: "Evaluation") -> bool:
    return bool(result.indicators["declared_score"].notna().all())


def _line(result: "Evaluation") -> str:
    from perfeval.model.results import DECLARED, STRICT
    from perfeval.present import narrative

    score = result.scores[DECLARED]
    total = score.known
    told = narrative.against_declared(result, total, score.possible, _reproduces(result))
    compared = "" if result.declared_score is None else f"  {told}"
    grade = f" 复算等级{result.grade}" if result.grade else ""
    title = " ".join(result.ruleset.title.split())
    strict = f"严格口径{result.scores[STRICT].known:6.2f}"
    return f"  {total:6.2f}{grade}  {strict}{compared}  {result.ruleset.name}  {title}"


def _row(row: dict[str, Any]) -> list[str]:
    declared = ""
    if row["declared_score"] is not None:
        gap = _number(row["difference"], signed=True)
        declared = f"，自评{_number(row['declared_score'])}，差{gap}"
    name = " ".join(row["indicator"].split())
    score = f"复算{_number(row['score'])}/{_number(row['points'])}分"
    return [f"  {name}　{score}{declared}", f"      {' '.join(row['derivation'].split())}"]


def _number(value: float, *, signed: bool = False) -> str:
    text = f"{value:+.4f}" if signed else f"{value:.4f}"
    return text.rstrip("0").rstrip(".")
