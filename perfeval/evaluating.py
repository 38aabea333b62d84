"""The public ``evaluate``, ``history`` and ``indicators``: they also take a rule set of the user's own.

Analysis reads no files of the user, so a path is turned into a rule set here.
"""

from pathlib import Path, PurePath

import pandas as pd

from perfeval.analysis import rulesets
from perfeval.analysis.evaluation import evaluate as evaluated
from perfeval.analysis.history import history as gathered
from perfeval.analysis.tidy import indicator_table
from perfeval.model.data import Data
from perfeval.model.errors import NotOnFile, RuleSetError, nearest
from perfeval.model.history import History
from perfeval.model.results import Evaluation, RuleSet

SUFFIX = ".toml"


def evaluate(
    data: Data, ruleset: str | RuleSet = "hubei", *, subdistrict: str | None = None, year: int | None = None
) -> Evaluation:
    """Everything about one sub-district-year under a rule set.

    ``ruleset`` is a preset's name, a :class:`RuleSet`, or the path of a user's own file (it ends with ``.toml``),
    relative to the folder that holds the data folder: ``pe.evaluate(data, ruleset="rules/ours.toml")``.
    ``subdistrict`` and ``year`` are needed only where ``data`` holds several.
    Raises :class:`NotOnFile` where they name nothing or not exactly one, :class:`RuleSetError` for an unknown rule set
    or a file with faults, listing every one by line.
    """
    rules = find(ruleset, beside(data)) if isinstance(ruleset, str) else ruleset
    return evaluated(data, rules, subdistrict=subdistrict, year=year)


def history(data: Data, ruleset: str | RuleSet = "hubei", *, subdistrict: str | None = None) -> History:
    """One sub-district and all its years in ``data``: matched indicators, trends, what changed and why the score moved.

    ``pe.history(pe.load("data", subdistrict="ronghua"))``. One year is enough; the frames about several are then empty.
    ``ruleset`` is as in :func:`evaluate`, the same for every year, so that scores can be compared.
    ``subdistrict`` is needed only where ``data`` holds several.
    Raises :class:`NotOnFile` where it names nothing or not exactly one, :class:`RuleSetError` as :func:`evaluate`.
    """
    rules = find(ruleset, beside(data)) if isinstance(ruleset, str) else ruleset
    held = data.sources[["subdistrict", "year"]].drop_duplicates()
    names = sorted(set(held["subdistrict"]) & ({subdistrict} if subdistrict is not None else set(held["subdistrict"])))
    if len(names) != 1:
        there = "、".join(sorted(set(held["subdistrict"]))) or "没有任何街道"
        raise NotOnFile(f"须恰好指定一个街道，现有：{there}；请给出 subdistrict")
    years = sorted(held.loc[held["subdistrict"].eq(names[0]), "year"])
    results = {int(year): evaluated(data, rules, subdistrict=names[0], year=int(year)) for year in years}
    return gathered(results, data.matches[data.matches["subdistrict"].eq(names[0])])


def indicators(data: Data, ruleset: str | RuleSet = "hubei") -> pd.DataFrame:
    """Every indicator row of every office-year in ``data``, judged and scored: for questions across years and offices.

    The columns are those of :func:`perfeval.analysis.tidy.indicator_table`; ``ruleset`` is as in :func:`evaluate`.
    """
    return indicator_table(data, find(ruleset, beside(data)) if isinstance(ruleset, str) else ruleset)


def find(name: str, folder: Path) -> RuleSet:
    """The preset of that name, or the rule set in that ``.toml`` file (relative to ``folder``).

    A file's rule set is named as the path was given, so that it cannot be taken for a preset; of an absolute path only
    the last part is its name. Raises :class:`RuleSetError`.
    """
    if not name.lower().endswith(SUFFIX):
        return rulesets.preset(name)
    shown = PurePath(name).name if PurePath(name).is_absolute() else PurePath(name).as_posix()
    path = folder / name
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        there = (file.name for file in path.parent.glob(f"*{SUFFIX}")) if path.parent.is_dir() else ()
        raise RuleSetError(
            f"没有计分规则文件 {shown}{nearest(path.name, there)}（相对于数据目录的上一级目录）"
        ) from error
    except UnicodeDecodeError as error:
        raise RuleSetError(f"计分规则 {shown} 不是UTF-8编码，请另存为UTF-8") from error
    except OSError as error:
        raise RuleSetError(f"计分规则 {shown} 不能读取：{error.strerror}") from error
    return rulesets.parse(shown, text, shown)


def beside(data: Data) -> Path:
    """The folder that holds the data folder, from where the files were read (``data/<sub-district>/<year>/…``)."""
    if data.sources.empty:
        return Path()
    folder = Path(data.sources["file"].iloc[0]).absolute().parents[2]
    return folder.parent if folder.name != ".." else folder.resolve().parent
