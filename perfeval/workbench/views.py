"""Views by name: what is chosen in the workbench, kept as JSON under ``outputs/views`` and opened again."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from perfeval.model.errors import PerfevalError, nearest, reason
from perfeval.model.scratch import write_whole

FOLDER = "views"
LONGEST = 60
_ILLEGAL = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]|^[. ]|[. ]$')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


def legal(name: str) -> str:
    """A name that files may have on every system, without surrounding space; :class:`PerfevalError` for others."""
    wanted = name.strip()
    if not wanted or len(wanted) > LONGEST or _ILLEGAL.search(wanted) or _RESERVED.fullmatch(wanted):
        raise PerfevalError(f'名称须有1—{LONGEST}个字，不含 \\ / : * ? " < > |，不以点开头或结尾，现为“{name}”')
    return wanted


def names(outputs: Path) -> list[str]:
    """The views that are kept, in order of their names."""
    return sorted(path.stem for path in (outputs / FOLDER).glob("*.json"))


def save(outputs: Path, name: str, choice: Mapping[str, Any]) -> Path:
    """Keep a choice under a name, in place of what had it."""
    path = outputs / FOLDER / f"{legal(name)}.json"
    text = json.dumps(dict(choice), ensure_ascii=False, indent=1, allow_nan=False)
    write_whole(path, f"{text}\n".encode())
    return path


def read(outputs: Path, name: str) -> Any:
    """The choice of that name; :class:`PerfevalError` where there is none, or none that can be read."""
    path = outputs / FOLDER / f"{legal(name)}.json"
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        there = names(outputs)
        listed = f"；现有：{'、'.join(there)}" if there else "；还没有保存过视图"
        raise PerfevalError(f"没有名为“{name}”的视图{nearest(name, there)}{listed}") from error
    except (ValueError, RecursionError) as error:
        raise PerfevalError(f"视图 {path.name} 不是有效的JSON：{error}") from error
    except OSError as error:
        raise PerfevalError(f"视图 {path.name} 不能读取：{reason(error)[0]}") from error
