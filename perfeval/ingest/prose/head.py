"""What a written report says of itself at its beginning: title, unit, project and year."""

import re
from dataclasses import dataclass, replace

from perfeval.ingest.prose.outline import Line

OFFICE = re.compile(r"(?P<unit>.*?办事处)(?P<project>.+)")
OTHER_OFFICE = re.compile(
    r"(?P<unit>(?:(?!办事处).)*?(?:人民政府|街道|委员会|管委会|[\u4e00-\u9fff]{2}局))(?P<project>(?:(?!办事处).){2,})"
)
ALONE = re.compile(r"[\u4e00-\u9fff]{2,30}(?:局|街道|办事处|政府|委员会|中心|办公室|学校|医院|厅|委)")
"""A unit's name on the line above a project's title."""
TITLE_LINES = 8
"""How many lines at the beginning may be the title."""
UNIT = r"(?P<unit>[\u4e00-\u9fff（）()]{2,40}?)"
KIND = (
    r"(?:部门整体|单位整体|整体支出|整体|部门预算|部门|项目)?(?:支出)?(?:预算)?"
    r"绩效(?:目标)?(?:完成情况)?(?:自(?:我)?评|评价)"
)
YEARS = r"(?:[（(]\s*)?{0}\s*年?度?(?:\s*[）)])?"
TITLE = re.compile(
    rf"(?:关于)?(?:{YEARS.format('(?P<year>20[0-9]{2})')})?\s*{UNIT}\s*"
    rf"(?:关于)?(?:{YEARS.format('(?P<later>20[0-9]{2})')})?\s*的?{KIND}.{{0,12}}?"
    rf"(?:[（(]\s*(?P<last>20[0-9]{{2}})\s*年?度?\s*[）)])?"
)
ACCOUNTS = re.compile(
    rf"(?:{YEARS.format('(?P<year>20[0-9]{2})')})?\s*{UNIT}\s*(?:{YEARS.format('(?P<later>20[0-9]{2})')})?"
    r"\s*(?:部门|单位)?决算(?:公开)?(?:说明|情况说明|报告|情况)?"
)
"""The title of the accounts that a self-evaluation is disclosed in."""
NO_UNIT = re.compile("部门|单位|本部门|本单位|我单位|我部门|度")
DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
HAN_YEAR = re.compile("二[〇○零][〇○零一二三四五六七八九]{2}(?=\\s*年)")


@dataclass(frozen=True, slots=True)
class Head:
    """What the title says."""

    title: str = ""
    unit: str = ""
    year: int | None = None
    taken: frozenset[int] = frozenset()
    project: str = ""
    """Where the report is about one project."""

    @property
    def names(self) -> set[str]:
        """What unit and project may be called: also by any end of their names."""
        return {name[start:] for name in (self.unit, self.project) for start in range(len(name) - 1)}


def heading_of(lines: list[Line]) -> Head:
    """Title, unit and year: from the title (on one line or over two), else from the first sentence that names them."""
    first = [line for line in lines[:TITLE_LINES] if not line.level]
    for start, line in enumerate(first):
        for end in (start + 1, start + 2, start + 3):
            head = _titled(first[start:end], lines)
            if head is not None:
                before = first[start - 1] if start else None
                if before is not None and head.project and not head.unit and ALONE.fullmatch(before.text):
                    return replace(head, unit=before.text, taken=head.taken | {before.number})
                return head
        if line.text.endswith("。"):
            break
    for line in lines:
        text = with_year(line.text)
        found = re.search(rf"(?P<year>20[0-9]{{2}})\s*年度?{UNIT}(?:部门)?整体", text)
        if found and not NO_UNIT.fullmatch(found["unit"]):
            return Head("", found["unit"], int(found["year"]))
    return Head(year=year_of(lines))


def _titled(parts: list[Line], lines: list[Line]) -> Head | None:
    """The head, where these lines together are a title."""
    joined = "".join(part.text for part in parts)
    title = with_year(joined)
    found = TITLE.fullmatch(title)
    accounts = None if found else ACCOUNTS.fullmatch(title)
    match = found or accounts
    if match is None or "。" in title:
        return None
    year = next((match[name] for name in ("year", "later", "last") if match.groupdict().get(name)), None)
    named = match["unit"].strip("（）()")
    unit, project = _unit_and_project(named, title[match.end("unit") :]) if found else (named, "")
    unit = "" if NO_UNIT.fullmatch(unit) else unit
    taken = frozenset(part.number for part in parts)
    return Head(joined, unit, int(year) if year else year_of(lines), taken, project)


def _unit_and_project(named: str, after: str) -> tuple[str, str]:
    """``示例街道办事处环境卫生`` before ``项目绩效自评`` → unit and project; a title without 项目 is the unit's."""
    split = OFFICE.fullmatch(named) or OTHER_OFFICE.fullmatch(named)
    if "项目" not in after or "整体" in after:
        return named, ""
    return (split["unit"], split["project"]) if split else ("", named)


def with_year(text: str) -> str:
    """The text with ``二〇二一年`` as ``2021年``."""
    return HAN_YEAR.sub(lambda found: found[0].translate(DIGITS), text)


def year_of(lines: list[Line]) -> int | None:
    """The year of the first ``2022年度``, else of the first ``2022年`` of a sentence about performance or money."""
    texts = [with_year(line.text) for line in lines]
    first = next((int(year[1]) for text in texts if (year := re.search(r"(20[0-9]{2})\s*年度", text))), None)
    if first is not None:
        return first
    about = [text for text in texts if re.search("绩效|预算|支出|自评", text)]
    return next((int(year[1]) for text in about if (year := re.search(r"(?<!至)(20[0-9]{2})\s*年", text))), None)
