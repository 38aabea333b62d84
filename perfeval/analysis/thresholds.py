"""The limits by which offices are flagged in notebooks, each from the one place where it is decided, with its source.

``pe.thresholds.LOW_RATE`` in a cell is the figure that findings, the list of decisions and the mail use as well; a cell
may say another instead.
"""

from perfeval.analysis.attention import MANY_LEAST, MANY_TIMES, UNDECIDED_SHARE
from perfeval.analysis.decisions import TOGETHER
from perfeval.analysis.findings.deviations import FAR_ABOVE, FULLY_SPENT, OVERSPENT
from perfeval.analysis.findings.money import LOW_RATE

__all__ = [
    "FAR_ABOVE",
    "FULLY_SPENT",
    "LOW_RATE",
    "MANY_LEAST",
    "MANY_TIMES",
    "OVERSPENT",
    "TOGETHER",
    "UNDECIDED_SHARE",
]
