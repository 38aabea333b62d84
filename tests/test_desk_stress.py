"""The stress set as documents: each Word report and review sheet comes back as it was, no workbook has an error."""

import re
from pathlib import Path

import docx
import openpyxl
import pytest
import stress
from test_yearbook import errors, recalculated
from test_yearbook_changes import entries, with_cells

import perfeval as pe
from perfeval.deliver.officialword import write_report
from perfeval.deliver.reviewsheet import write_review_sheet
from perfeval.deliver.yearbook import write_yearbook
from perfeval.ingest import filing, importing

NAMES = list(stress.OFFICES)
EDGES = ("single", "targets", "zero", "blankmoney", "undecided")
"""Those whose rates or scores have nothing to be computed from."""
TYPED = ("五十", None, 0, "95%")
HOLES = re.compile(r"[，、；：][。；，、]|。。|（）|“”|None|nan|NaN|【】")
"""What is left where a sentence was put together from nothing."""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stress.write(tmp_path_factory.mktemp("stress") / "data")


def evaluated(data: Path, name: str) -> pe.Evaluation:
    return pe.evaluate(pe.load(data, subdistrict=name, years=stress.YEAR))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("write", "suffix"), [(write_report, "docx"), (write_review_sheet, "xlsx")])
def test_what_is_written_is_read_back_the_same(data: Path, tmp_path: Path, name: str, write, suffix: str) -> None:
    path = write(tmp_path / f"a.{suffix}", evaluated(data, name))
    documents = importing.import_files([path], data_dir=data)
    (outcome,) = filing.write(documents, data, dry_run=True)
    assert (outcome.status, outcome.subdistrict, outcome.year) == (filing.SAME, name, stress.YEAR)
    assert {one.code for one in filing.every_problem(documents, [outcome])} <= {"N705", "W625", "N661"}


@pytest.mark.parametrize("name", NAMES)
def test_no_sentence_has_a_hole(data: Path, tmp_path: Path, name: str) -> None:
    document = docx.Document(str(write_report(tmp_path / "a.docx", evaluated(data, name))))
    texts = [line.text for line in document.paragraphs]
    assert [text for text in texts if HOLES.search(text)] == []


def test_no_workbook_has_an_error_whatever_is_typed(data: Path, tmp_path: Path) -> None:
    files = [write_yearbook(tmp_path / f"{name}.xlsx", evaluated(data, name)) for name in NAMES]
    for path in files:
        assert errors(openpyxl.load_workbook(path, data_only=True)) == [], path.stem
    files = [path for path in files if path.stem in EDGES]
    for path in list(files):
        places = [place for place, _ in entries(openpyxl.load_workbook(path))]
        for number, value in enumerate(TYPED):
            files.append(with_cells(path, tmp_path / f"{path.stem}{number}.xlsx", dict.fromkeys(places, value)))
    found = {name: errors(book) for name, book in recalculated(tmp_path, files).items()}
    assert {name: places for name, places in found.items() if places} == {}
