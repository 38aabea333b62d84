"""Which function decides where a rule applies: modules enter their functions here under the rule's code."""

import tomllib
from collections.abc import Callable
from functools import lru_cache
from importlib import resources
from typing import Any

from perfeval.analysis.findings.context import Check

CHECKS: dict[str, Check] = {}
"""By code; ``findings`` runs them, a test holds the codes against ``rules.toml``."""


def check(code: str) -> Callable[[Check], Check]:
    """Enter a function as the check of a rule. It takes a Context and yields Hits."""

    def enter(function: Check) -> Check:
        if code in CHECKS:
            raise ValueError(f"{code} has two checks")
        CHECKS[code] = function
        return function

    return enter


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """The vocabulary of the rules, ``words.toml``."""
    return tomllib.loads(resources.files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))
