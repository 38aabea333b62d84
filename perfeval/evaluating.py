"""The public ``evaluate``: that of the analysis, which also takes a rule set of the user's own from a file.

Analysis reads no files of the user, so a path is turned into a rule set here.
"""

from pathlib import Path, PurePath

from perfeval.analysis import rulesets
from perfeval.analysis.evaluation import evaluate as evaluated
from perfeval.model.data import Data
from perfeval.model.errors import RuleSetError, nearest
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
