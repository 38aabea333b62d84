"""Whether this process has read fictional data: a saved chart says so.

A chart cannot be asked whose figures it draws: counting and cross-tabulating leave nothing of the rows behind. So it is
known of all that was read; of a folder with real and fictional offices both are said.
"""

from collections.abc import Iterable

FICTIONAL, MIXED = "示例数据：由程序虚构，不反映任何真实单位", "所读的数据里有示例数据（由程序虚构）"
_READ: set[bool] = set()
"""What was read in this process: fictional, real."""


def read(fictional: Iterable[bool]) -> None:
    """Note of offices that are read whether each is fictional."""
    _READ.update(fictional)


def mark() -> str:
    """What must stand on a picture of what was read; empty where all of it is real.

    >>> forget(); read([False]); mark()
    ''
    >>> read([True]); mark()
    '所读的数据里有示例数据（由程序虚构）'
    """
    return "" if True not in _READ else MIXED if False in _READ else FICTIONAL


def forget() -> None:
    """As if nothing had been read: after the fork server's rehearsal, whose office is fictional."""
    _READ.clear()
