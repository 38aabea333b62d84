"""How much of what an office has on file reaches the body of its official Word report.

``python benchmarks/wordbody.py [DATA …]`` (default: ``data`` and a demo of three offices) writes the report of every
office-year and prints, by field, how many characters on file there are and how many of them stand in the text before
the annex: in runs of at least four characters, and those of an indicator in the sentences that name it. Left out is
what is not the office's own word: where a row was transcribed from, and what reviewers noted. Exit code 1 where an
office has less than 95 %.
"""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import docx
import pandas as pd

import perfeval as pe
from perfeval import demo
from perfeval.deliver.officialword import write_report
from perfeval.model import reportform as form
from perfeval.present import labels

LEAST = 0.95
RUN = 4
"""Characters a piece of text must share with the body to count; shorter texts count whole or not at all."""
OF_ROW = ("indicator", "target", "actual", "declared_met", "reason", "measure", "evidence", "narrative")
LISTS = ("summary", "key_tasks", "measures", "budget_linkage", "organisation", "last_year", "other_evidence")


def on_file(result: pe.Evaluation) -> Iterator[tuple[str, str, str]]:
    """Every text of the office: field, text, and the indicator it is about (empty for none)."""
    told = result.narrative
    for name in LISTS:
        yield from ((name, text, "") for text in getattr(told, name))
    yield "basis", told.basis, ""
    yield "declared", f"{told.declared_score or ''}", ""
    yield "declared", told.declared_grade, ""
    for issue in told.problems:
        yield from (("problems", text, "") for text in (issue.text, issue.cause))
    for stage in told.stages:
        yield from (("stages", text, "") for text in (stage.name, *stage.work))
    for survey in told.surveys:
        counts = (survey.respondents, survey.satisfied)
        yield from (
            ("surveys", text, "") for text in (survey.indicator, survey.method, *(f"{n}人" for n in counts if n))
        )
    for row in result.execution.items.to_dict("records"):
        amounts = (
            labels.money(row[name]) for name in ("opening", "adjusted", "executed") if not labels.missing(row[name])
        )
        yield from (("budget", text, "") for text in (row["item"], *amounts))
    yield from (("goals", str(name), "") for name in result.indicators["goal"].unique())
    for row in result.indicators.to_dict("records"):
        for name in OF_ROW:
            if not labels.missing(row[name]) and row[name] != form.NO_FIGURE:
                yield name, str(row[name]), str(row["indicator"])


def body(path: Path) -> list[str]:
    """The paragraphs before the annex, without spaces."""
    found = []
    for paragraph in docx.Document(str(path)).paragraphs:
        if paragraph.text.strip() == form.ANNEX.text:
            break
        found.append("".join(paragraph.text.split()))
    return found


def covered(text: str, where: str) -> int:
    """How many characters of a text stand in another, in runs of :data:`RUN` or more."""
    run = min(RUN, len(text))
    if not run:
        return 0
    hit = [False] * len(text)
    for start in range(len(text) - run + 1):
        if text[start : start + run] in where:
            hit[start : start + run] = [True] * run
    return sum(hit)


def overlap(result: pe.Evaluation, path: Path) -> pd.DataFrame:
    """By field: characters on file, those of them in the body."""
    paragraphs = body(path)
    whole = "\n".join(paragraphs)
    counts: dict[str, list[int]] = {}
    for name, text, about in on_file(result):
        where = whole if not about else "\n".join(line for line in paragraphs if _bare(about) in line)
        for part in filter(None, map(_bare, text.split("……"))):
            found = counts.setdefault(name, [0, 0])
            found[0] += len(part)
            found[1] += covered(part, where)
    return pd.DataFrame(counts, index=["on_file", "in_body"]).T


def _bare(text: str) -> str:
    return "".join(text.split()).rstrip("。；;，")


def main(folders: Sequence[str]) -> int:
    """Print the table; 1 where an office falls short."""
    least = 1.0
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        if not folders:
            notebooks = Path(__file__).parents[1] / "notebooks"
            demo.make(place / "demo", subdistricts=3, years=(2023,), seed=7, notebooks=notebooks)
        for folder in folders or (str(Path(__file__).parents[1] / "data"), str(place / "demo/data")):
            data = pe.load(folder)
            for who, year in data.sources[["subdistrict", "year"]].drop_duplicates().itertuples(index=False):
                result = pe.evaluate(data, subdistrict=who, year=year)
                table = overlap(result, write_report(place / "a.docx", result))
                share = table["in_body"].sum() / table["on_file"].sum()
                least = min(least, share)
                short = table[table["in_body"] < table["on_file"]]
                told = "；".join(f"{name} {row.in_body}/{row.on_file}" for name, row in short.iterrows())
                print(f"{who} {year}：{table['in_body'].sum()}/{table['on_file'].sum()}字，{share:.1%}  {told}")
    return 0 if least >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
