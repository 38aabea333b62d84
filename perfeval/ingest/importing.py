"""Files as offices have them → recognised documents: files and folders, both recognisers, whose and which year.

``differences`` and ``write`` (from :mod:`perfeval.ingest.filing`) go on from here to what is on file.
"""

import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from perfeval.ingest.containers import read_content
from perfeval.ingest.directory import Directory, directory, leaves, valid
from perfeval.ingest.document import Content, Document, Grid, Paragraph
from perfeval.ingest.filing import READY, REFUSED, SAME, WRITTEN, Outcome, differences, unfiled, write
from perfeval.ingest.forms import recognise
from perfeval.ingest.problems import closest, problem
from perfeval.ingest.prose import recognise_prose
from perfeval.ingest.visible import visible
from perfeval.ingest.wordreport import recognise_report
from perfeval.model.errors import ERROR, NotOnFile, Problem, reason
from perfeval.model.parallel import Workers, spread
from perfeval.model.reportform import OPINION, OPINION_ANNEX, RECOMPUTED, RECOMPUTED_SHEETS
from perfeval.model.rounding import missing
from perfeval.model.schema import AMOUNTS, TOTAL_ITEMS

__all__ = [
    "READY",
    "REFUSED",
    "SAME",
    "WRITTEN",
    "Outcome",
    "differences",
    "found_files",
    "import_files",
    "recognised",
    "write",
]

RECOGNISERS: tuple[Callable[[Content], list[Document]], ...] = (recognise, recognise_prose)
NOT_DOCUMENTS = re.compile(
    r"~\$.*|\.~.*|\..*|~.*\.tmp|.*\.(tmp|bak|lnk|crdownload|part)|thumbs\.db|desktop\.ini", re.IGNORECASE
)
"""Names of files that programs make for themselves: locks of open documents, temporary files, folder views."""
LOCK = re.compile(r"(?:~\$|\.~(?:lock\.)?)(.+?)#?")
"""What Office, WPS and LibreOffice put beside a document that is open; named alone, somebody means that document."""
SUFFIXES = {".xlsx", ".xls", ".xlsm", ".et", ".ods", ".csv", ".tsv", ".docx", ".doc", ".wps", ".txt", ".parquet"}
"""What files are called; a folder called so is a mistake."""
BOUNDARY = re.compile(r"(?:省|市|区|县|旗|州|镇|政府|委员会|管委会|开发区|新区)$")
"""What may stand before a unit's own name."""
DISTRICT = re.compile("[区县旗]")
AGENCY = re.compile(r"(?:人民政府)?办事处$|人民政府$")
YEAR_IN_NAME = re.compile(r"(?<![0-9])(20[0-9]{2})(?![0-9])")
MOST_FILES = 10_000
"""Files read in one go; more is a wrong folder."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read."""

    path: Path
    file: str
    """As the user named it, with forward slashes."""
    within: Path | None = None
    """The folder it was found in, which links may not leave."""

    def __str__(self) -> str:
        return self.file


def import_files(
    paths: Iterable[str | Path],
    *,
    subdistrict: str | None = None,
    year: int | None = None,
    data_dir: str | Path = "data",
    each: Callable[[str], object] | None = None,
    jobs: int | Workers = 1,
) -> list[Document]:
    """Everything recognised in files and folders, in the order of the paths and, inside folders, of the names.

    A file in which nothing is recognised, or that is passed over, gives a document of no family with the reason
    among its problems; one bad file never stops the rest. ``subdistrict`` (id, name or alias, or the id of a new
    one) and ``year`` hold for all documents; else they come from the document, and where they do not, that is an
    error of the document (E722, E723), which then has what the loader would say of its rows as well. ``each`` is
    called with every file's name once it is read; many files are read by up to ``jobs`` processes.

    Raises :class:`NotOnFile` where a path does not exist.
    """
    sources, passed = found_files(paths)
    root = Path(data_dir)
    documents = list(passed)
    read = spread(partial(_read, subdistrict=subdistrict, year=year, root=root), sources, jobs)
    for source, found in zip(sources, read, strict=True):
        documents += found
        if each is not None:
            each(source.file)
    return documents


def found_files(paths: Iterable[str | Path]) -> tuple[list[Source], list[Document]]:
    """The files to read, sorted within each folder, and a document of no family for each that is passed over."""
    sources: list[Source] = []
    passed: list[Document] = []
    for path in map(Path, paths):
        if not path.exists():
            raise NotOnFile(f"没有文件或文件夹“{path.as_posix()}”")
        lock = LOCK.fullmatch(path.name)
        if lock:
            message = "是文件打开时程序自己生成的锁文件，不是自评表"
            advice = f"请关闭打开着的“{lock[1]}”，导入它本身"
            passed.append(_nothing(path.as_posix(), problem("E720", message, file=path.as_posix(), advice=advice)))
        elif not path.is_dir():
            sources.append(Source(path, path.as_posix()))
        elif path.suffix.lower() in SUFFIXES:
            passed.append(_nothing(path.as_posix(), problem("E110", "应为文件，却是文件夹", file=path.as_posix())))
        else:
            inside, others = _inside(path)
            sources += inside
            passed += others
            if not inside:
                passed.append(
                    _nothing(path.as_posix(), problem("E721", "文件夹里没有可读的文件", file=path.as_posix()))
                )
    unique = {source.path.absolute(): source for source in reversed(sources)}
    return [source for source in sources if unique[source.path.absolute()] is source], passed


def _inside(folder: Path) -> tuple[list[Source], list[Document]]:
    """The files of a folder and of those in it, by name; links that leave it and temporary files are passed over."""
    sources: list[Source] = []
    passed: list[Document] = []
    for place, folders, names in os.walk(folder):
        for name in sorted(folders):
            path = Path(place, name)
            if path.is_symlink():
                passed.append(
                    _nothing(path.as_posix(), problem("W721", "链接到的文件夹没有读取", file=path.as_posix()))
                )
            elif name[0] == "." or name.startswith("__"):
                folders.remove(name)
            elif path.suffix.lower() in SUFFIXES:
                folders.remove(name)
                passed.append(_nothing(path.as_posix(), problem("E110", "应为文件，却是文件夹", file=path.as_posix())))
        folders.sort()
        for name in sorted(names):
            path = Path(place, name)
            if NOT_DOCUMENTS.fullmatch(name):
                passed.append(
                    _nothing(path.as_posix(), problem("N721", "程序自己的临时文件，已跳过", file=path.as_posix()))
                )
            elif path.is_symlink() and leaves(path, folder):
                message = "链接通向所给文件夹之外，没有读取"
                passed.append(_nothing(path.as_posix(), problem("W721", message, file=path.as_posix())))
            else:
                sources.append(Source(path, path.as_posix(), folder))
    if len(sources) > MOST_FILES:
        raise NotOnFile(f"文件夹“{folder.as_posix()}”里有{len(sources)}个文件，超过{MOST_FILES}个；请指明更小的文件夹")
    return sorted(sources, key=lambda source: source.file), passed


def _nothing(file: str, *problems: Problem) -> Document:
    return Document(file=file, family="", confidence=0.0, problems=problems)


def _read(source: Source, subdistrict: str | None, year: int | None, root: Path) -> list[Document]:
    return [settled(document, subdistrict, year, root) for document in recognised(_content(source), RECOGNISERS)]


def _content(source: Source) -> Content:
    """What a file contains; a failure of reading it is a problem of that file alone."""
    try:
        return read_content(source.path, source.file, source.within)
    except OSError as error:
        wrong = problem("E110", f"文件无法打开：{reason(error)[0]}", file=source.file)
        return Content(source.file, "", problems=(wrong,))


def recognised(
    content: Content, recognisers: Sequence[Callable[[Content], list[Document]]] = RECOGNISERS
) -> list[Document]:
    """What the recogniser that is surest finds; a document of no family where none finds anything.

    A report that perfeval wrote is known by its mark, and read as such alone. What is to be said of reading the file
    goes to the first document.
    """
    content = visible(content)
    paper, instead = own_paper(content)
    if paper:
        wrong = problem("E730", f"这是perfeval写出的{paper}，不是自评材料", file=content.file, advice=instead)
        return [_nothing(content.file, wrong)]
    own = recognise_report(content)
    if own:
        said = [one for one in content.problems if one.code != "N614"]  # its charts are drawn from its tables
        return [replace(own[0], problems=(*said, *own[0].problems))]
    answers: list[list[Document]] = []
    problems = list(content.problems)
    for recogniser in recognisers:
        try:
            answers.append(recogniser(content))
        except Exception as error:  # one bad file must not stop the rest; what happened is reported with it
            message = f"识别时出现意外错误：{type(error).__name__}：{error}"
            problems.append(problem("E727", message, file=content.file))
    found = sorted(
        (answer for answer in answers if any(document.family for document in answer)), key=_surest, reverse=True
    )
    if not found:
        said = [*problems, *(one for answer in answers for document in answer for one in document.problems)]
        if not any(one.severity == ERROR for one in said):
            said.append(problem("E720", "没有认出自评表或自评报告", file=content.file))
        return [_nothing(content.file, *said)]
    best, *others = found
    for other in others:
        families = "、".join(dict.fromkeys(document.family for document in other if document.family))
        message = f"文件里也有“{families}”的内容，因把握较小没有采用{_differing(best, other)}"
        problems.append(problem("W724", message, file=content.file))
    return [replace(best[0], problems=(*problems, *best[0].problems)), *best[1:]]


def _differing(best: list[Document], other: list[Document]) -> str:
    """What a file says twice and differently, in its form and in words: the money of the whole, the total score."""
    if len(best) != 1 or len(other) != 1:
        return ""
    said = [f"{title}{one}、{two}" for title, one, two in zip(FIGURES, *map(_figures, (best[0], other[0])), strict=True)
            if not missing(one) and not missing(two) and one != two]  # fmt: skip
    return f"；两处写的数不同（采用的在前）：{'；'.join(said)}，请核对" if said else ""


FIGURES = (*(f"{title}（万元）" for title in AMOUNTS.values()), "自评得分")


def _figures(document: Document) -> list[object]:
    """The amounts of the whole, and the total score."""
    budget = document.budget
    whole = budget[budget["item"].isin(TOTAL_ITEMS)].head(1) if len(budget) else budget
    amounts = [whole[name].iloc[0] if len(whole) else None for name in AMOUNTS]
    return [*amounts, document.narrative.declared_score]


def own_paper(content: Content) -> tuple[str, str]:
    """Which of perfeval's own results this is, and what to import instead; empty for what offices hand in."""
    grids = [block for block in content.blocks if isinstance(block, Grid)]
    titles = {"".join(block.rows[0][0].text.split()) for block in grids if any(block.rows[:1])}
    if {*RECOMPUTED_SHEETS} <= {grid.sheet for grid in grids} and any(title.endswith(RECOMPUTED) for title in titles):
        return "复算表", "要改数据，请改自评表或Word报告后导入，或直接改数据目录里的表，再写出复算表"
    lines = {"".join(block.text.split()) for block in content.blocks if isinstance(block, Paragraph)}
    if f"附件：{OPINION_ANNEX}" in lines and any(line.endswith(OPINION) for line in lines):
        return "复核意见", "请把复核完成值、复核得分填进复核表（perfeval export 复核表.xlsx --review-sheet）再导入"
    return "", ""


def _surest(documents: list[Document]) -> float:
    return max(document.confidence for document in documents)


def settled(document: Document, subdistrict: str | None, year: int | None, root: Path) -> Document:
    """The document with its sub-district and year, or with the problem that they are not known."""
    if not document.family:
        return document
    problems: list[Problem] = []
    chosen = _office_of(document, subdistrict, root, problems)
    named = document.year if document.year is not None else _year_of(document.file)
    if year is not None and document.year is not None and document.year != year:
        message = f"文件写的是{document.year}年度，按要求记为{year}年度"
        problems.append(problem("W722", message, file=document.file, value=document.year))
    elif year is None and named is None:
        problems.append(problem("E723", "没有读出是哪个年度", file=document.file))
    elif year is None and document.year is None:
        problems.append(problem("N723", f"文件里没有写年度，按文件名记为{named}年度", file=document.file))
    elif year is None and _year_of(document.file) not in (None, document.year):
        message = f"文件名里是{_year_of(document.file)}年，文件里写的是{document.year}年度，按文件里写的记"
        problems.append(problem("N728", message, file=document.file, value=document.year))
    found = replace(
        document,
        subdistrict=chosen,
        year=year if year is not None else named,
        problems=(*document.problems, *problems),
    )
    if chosen and found.year is not None:
        return found
    return replace(found, problems=(*found.problems, *unfiled(found)))


def _office_of(document: Document, subdistrict: str | None, root: Path, problems: list[Problem]) -> str:
    """The sub-district a document is filed under; what is to be said of the choice goes to ``problems``."""
    known, hint = find_subdistrict(document.subdistrict or document.unit, root)
    if subdistrict is None:
        if not known:
            there = "" if hint.startswith("：") else "不在街道名录里"
            said = f"单位“{document.unit}”{there}{hint}" if document.unit else "文件没有写单位名称"
            advice = "" if document.unit else "请在文件里填写单位名称，或用 --subdistrict 编号 指明"
            problems.append(problem("E722", said, file=document.file, value=document.unit, advice=advice))
        return known
    listed_as, near = find_subdistrict(subdistrict, root)
    chosen = listed_as or subdistrict.strip()
    if not valid(chosen):
        raise NotOnFile(f"“{subdistrict}”不能作街道编号：只能用字母、数字、汉字、“-”和“_”，不超过64个字")
    if known and not listed_as:
        message = f"名录里没有“{chosen}”，而文件的单位是“{document.unit}”（{known}）"
        problems.append(problem("E729", message, file=document.file, value=chosen))
    elif known and known != chosen:
        message = f"文件的单位是“{document.unit}”（{known}），按要求记为{chosen}"
        problems.append(problem("W722", message, file=document.file, value=document.unit))
    elif near:
        problems.append(problem("W726", f"名录里还没有“{chosen}”{near}", file=document.file, value=chosen))
    return chosen


def find_subdistrict(name: str, root: Path) -> tuple[str, str]:
    """The id that a unit's name (``武汉市硚口区人民政府荣华街道办事处``) stands for in the directory, or a hint.

    The name must be an id, a name or an alias, or end in one after the name of a superior authority; endings like
    办事处 may be missing. An office of another district than the name says (甲区兰亭街道, listed in 乙区) is not meant.
    """
    places = directory(root) if root.is_dir() else Directory()
    wanted = re.sub(r"\s+", "", name)
    if not wanted or wanted in places.places:
        return wanted, ""
    called: dict[str, set[str]] = {}
    for calling, ids in places.called.items():
        for form in {calling, AGENCY.sub("", calling)}:
            called.setdefault(form, set()).update(ids)
    for unit in (wanted, AGENCY.sub("", wanted)):
        exact = called.get(unit, set())
        if len(exact) == 1:
            return next(iter(exact)), ""
        if exact:
            return "", f"：{'、'.join(sorted(exact))}都叫这个名称，分不出是哪一个"
    ends = {
        id_
        for calling, ids in called.items()
        for unit in (wanted, AGENCY.sub("", wanted))
        if unit.endswith(calling) and BOUNDARY.search(unit.removesuffix(calling))
        for id_ in ids
        if not _elsewhere(unit.removesuffix(calling), places.districts.get(id_, ""))
    }
    if len(ends) == 1:
        return ends.pop(), ""
    close = closest(wanted, [*places.called, *places.places])
    return "", f"，是否指“{close}”？" if close else ""


def _elsewhere(above: str, district: str) -> bool:
    """Whether what stands before an office's name (武汉市硚口区) names another district than the list has."""
    return bool(district) and DISTRICT.search(above) is not None and district.rstrip("区县旗市") not in above


def _year_of(file: str) -> int | None:
    """The only year in a file's name."""
    years = set(YEAR_IN_NAME.findall(Path(file).stem))
    return int(years.pop()) if len(years) == 1 else None
