"""A fictional district with planted truth, to show the suite and to test it against: what ``perfeval demo`` makes.

``<into>/data/<subdistrict>/<year>/`` holds what the loader reads,
``<into>/truth/`` what was planted, as CSV in UTF-8:

``matches.csv``: one line per indicator row of each year but the first, and one per row that is gone. ``subdistrict``,
``year``, ``previous_year``; ``row``, ``goal_no``, ``indicator`` (empty where gone) and ``previous_row``,
``previous_goal_no``, ``previous_indicator`` (empty where new), rows as a
spreadsheet shows them (the heading is row 1);
``kind``: 同一, 更名, 新增, 取消, 口径变更; ``how``: 逐字相同, 写法不同 (only a label in front), 措辞改变, or empty.

``trends.csv``: one line per series that is there in all years under one
definition, with figures no defect has changed,
and whose course is plain. ``subdistrict``; ``series``: the indicator's name in
the last year, or ``execution_rate`` or
``completion_rate`` (rows met ÷ rows); ``unit``; ``years`` (how many), ``first_year``, ``last_year``; ``first``,
``last`` (rates in %); ``kind``: 上升 or 下降 (every single step), 平稳 (|S| at most a third of the most there
can be), 已达上限 (100 % every year); ``good``: 1 or −1; ``verdict``: what follows
from five years on (改善, 恶化, 平稳,
已达上限).

``defects.csv``: ``subdistrict``, ``year``, ``code`` of the rule in docs/findings.md that must fire, ``place`` (an
indicator's name as printed, a budget item, a goal as ``目标3“…”``, or the part
of the document) and ``what``. It lists
all findings of rules that are on: those planted one by one, and those that follow from the structure and the figures.

``changes.csv``: ``subdistrict``, ``year``, ``previous_year``, ``kind`` (新增, 取消, 取消（上年未完成）, 更名,
口径变更, 目标放宽, 目标提高), ``row``, ``indicator``, ``previous_row``,
``previous_indicator``, ``before`` and ``after`` (targets as
printed).

``repeated.csv``: indicators missed in two years or more under one definition:
``subdistrict``, ``indicator`` (its name
in the last of them), ``years`` (joined by 、), ``times``, ``copied`` (是 where a measure is that of the time before).
"""

from perfeval.demo.folder import Demo, DemoRefused, make

__all__ = ["Demo", "DemoRefused", "make"]
