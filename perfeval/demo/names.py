"""Names for a district that does not exist: taken from stories that say themselves that they are made up.

Every name is a stem, where needed a direction, and from the second round on a number, so that any number of offices has
names of its own. None of them is the name of a sub-district that exists (the tests hold a list of well-known ones).
"""

CITY, DISTRICT = "示例市", "虚构区"

STEMS = (
    "子虚",
    "乌有",
    "南柯梦",
    "蜃楼",
    "镜中花",
    "水中月",
    "画中游",
    "纸上",
    "梦蝶",
    "假托",
    "拟设",
    "无何有",
)
"""子虚 and 乌有 are the persons of Sima Xiangru's rhapsody who do not exist; the rest are as unreal."""
SIDES = ("", "东", "西", "南", "北")
NUMERALS = "〇一二三四五六七八九"


def subdistrict_id(index: int) -> str:
    """``shili001``: the folder of the office with this index (from 0)."""
    return f"shili{index + 1:03d}"


def street(index: int) -> str:
    """``子虚街道``: a name for each index (from 0), never the same twice."""
    side, stem = divmod(index, len(STEMS))
    turn, side = divmod(side, len(SIDES))
    number = f"第{chinese(turn + 1)}" if turn else ""
    return f"{STEMS[stem]}{SIDES[side]}{number}街道"


def office(index: int) -> str:
    """``子虚街道办事处``."""
    return f"{street(index)}办事处"


def chinese(number: int) -> str:
    """A whole number, digit by digit: ``一二`` for 12."""
    return "".join(NUMERALS[int(digit)] for digit in str(number))
