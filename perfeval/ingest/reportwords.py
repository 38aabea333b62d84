"""Single entries of the Word report that perfeval writes: a problem with its cause, a stage, a survey."""

import re

from perfeval.ingest.prose.narrative import period
from perfeval.model import reportform as form
from perfeval.model.narrative import Issue, Stage, Survey

DAY = r"20[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}日"
STAGE = re.compile(
    rf"(?P<name>.+?)\s*[（(](?P<when>—|{DAY}\s*(?:[—–－~～至到-]+\s*{DAY}|前|起)?)[）)](?:[：:](?P<work>.*))?",
    re.DOTALL,
)
SURVEY = re.compile(
    rf"(?P<indicator>.+?)的调查：(?P<method>.*)，(?P<date>时间未说明|{DAY})，"
    r"(?:样本量未说明|(?P<respondents>[0-9]+)人答卷)(?:，(?P<satisfied>[0-9]+)人满意)?",
    re.DOTALL,
)
UNKNOWN_METHOD = "方式未说明"
STOPS = "。；; "


def told(text: str) -> str:
    """An entry on one line and without the full stop at its end."""
    return " ".join(text.split()).rstrip(STOPS)


def read_issue(text: str) -> Issue:
    """``指标过多。原因：只设了效益指标`` → a problem and its cause."""
    problem, _, cause = text.partition(f"。{form.CAUSE}")
    return Issue(told(problem), told(cause))


def read_stage(text: str) -> Stage | None:
    """``前期准备（2023年6月5日—2023年6月9日）：成立小组；制定方案`` → a stage; None where it is not written so."""
    found = STAGE.fullmatch(text)
    if found is None:
        return None
    start, end, wrong = ("", "", "") if found["when"] == "—" else period(found["when"], None)
    if wrong:
        return None
    work = tuple(told(part) for part in (found["work"] or "").split("；") if told(part))
    return Stage(found["name"], start, end, work)


def read_survey(text: str) -> Survey | None:
    """``满意度的调查：入户，2022年11月8日，200人答卷，176人满意`` → a survey; None for any other text."""
    found = SURVEY.fullmatch(text)
    if found is None:
        return None
    day = "" if found["date"].startswith("时间") else period(found["date"], None)[0]
    counts = {name: int(found[name]) if found[name] else None for name in ("respondents", "satisfied")}
    return Survey(
        found["indicator"], date=day, method="" if found["method"] == UNKNOWN_METHOD else found["method"], **counts
    )
