"""The rule set that is meant: named, given, or in the user's own file, which is read here, for analysis reads none."""

from pathlib import Path, PurePath

from perfeval.analysis import rulesets
from perfeval.model import asked
from perfeval.model.errors import ParameterError, RuleSetError, nearest, reason
from perfeval.model.ruleset import RuleSet

SUFFIX = ".toml"


def find(ruleset: str | RuleSet, folder: Path) -> RuleSet:
    """The preset of that name, the rule set in that ``.toml`` file (relative to ``folder``), or the one that is given.

    A file's rule set is named as the path was given, so that it cannot be taken for a preset; of an absolute path only
    the last part is its name. Raises :class:`RuleSetError`.
    """
    if isinstance(ruleset, RuleSet):
        return ruleset
    if not isinstance(ruleset, str):
        raise ParameterError(f"ruleset 须是计分规则的名称、文件或规则本身，现为{asked.kind(ruleset)}")
    if not ruleset.lower().endswith(SUFFIX):
        return rulesets.preset(ruleset)
    shown = PurePath(ruleset).name if PurePath(ruleset).is_absolute() else PurePath(ruleset).as_posix()
    path = folder / ruleset
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
        raise RuleSetError(f"计分规则 {shown} 不能读取：{reason(error)[0]}") from error
    return rulesets.parse(shown, text, shown)
