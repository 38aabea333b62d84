"""What a form prints to tell people what to write: never content, however it stands in a cell."""

import re

OPEN, CLOSE = "[（(【［\\[〔]", "[）)】］\\]〕]"
LENGTH = r"(?:不超过|不少于|限|约|控制在)?\s*[0-9０-９]{2,4}\s*个?汉?字(?:以内|之内|以下|以上|左右|内)?"
ASKED = r"(?:填写|填报|填列|填入|填|说明|描述|概述|简述|选择|列明|列出|列示|输入|注明|勾选|补充|分析|阐述)"
"""What a hint asks for."""
BEGINS = (
    r"(?:请(?![示求假教愿])|此处|此栏|本栏|必填|选填|可另?附页|可加行|可续行|填写|填报|填列|简要|简述|概述|逐条"
    r"|(?:说明|描述|反映|列明)(?![:：])|例如|如[:：]|例[:：])"
)
BRACKET = rf"{OPEN}(?:[^（()）]*{LENGTH}[^（()）]*|{BEGINS}[^（()）]*){CLOSE}"
LED = rf"(?:{BEGINS}|总结|介绍|围绕|对照|结合|从)[^。；;（(]{{0,40}}{OPEN}[^（()）]*{LENGTH}[^（()）]*{CLOSE}"
"""``说明相关任务目标的完成情况（100字以内）``."""
WHOLE = re.compile(
    rf"{BRACKET}[。.]?"
    rf"|{LED}"
    rf"|{OPEN}(?:(?![已见附另了])[^（()）。；;:：]){{0,40}}{ASKED}[^（()）。；;:：0-9不了过]{{0,12}}{CLOSE}"
    rf"|(?:根据|参照|按照?|对照|结合|依据|围绕|从)(?:(?![已了])[^。；;]){{2,40}}(?:填写|填报|填列|(?:概述|简述|逐[条项]说明)[^。；;0-9不了]{{0,12}})"
    r"|(?:填写|填报)[^。；;，,0-9不]{0,14}(?:情况|内容|名称|目标|全称|数据|原因|措施|问题)"
    r"|(?:例|例如|如|示例|举例|样例)[:：].{1,60}"
    r"|[0-9０-９]{2,4}字(?:以内|左右)|[*＊]?(?:必填|选填)项?|简要说明"
    rf"|请(?![示求假教愿])[^。]{{0,20}}{ASKED}.{{0,60}}"
    r"|(?:单击|点击|单击或点击)(?:此处|这里)?.{0,20}|选择一项[。.]?"
    rf"|(?:此处|此栏|本栏|在此处?)[^。]{{0,10}}(?:{ASKED}|添加|由).{{0,60}}"
    r"|(?:填写|填报|填表|编写)(?:说明|要求|提示|示例)\s*(?:[:：].*)?"
    r"|[“”\"'‘’]?[_＿xX×ＸｘX╳*…\s]*[_＿xX×Ｘｘ╳]{2,}[_＿xX×Ｘｘ╳*…\s]*[“”\"'‘’]?",
    re.DOTALL,
)
"""A cell that is nothing but a hint or a blank to be filled in."""
FIRST = re.compile(rf"\s*(?:{LED}|{OPEN}[^（()）]*{LENGTH}[^（()）]*{CLOSE})\s*[:：。]?\s*")
LAST = re.compile(rf"\s*{OPEN}[^（()）]*{LENGTH}[^（()）]*{CLOSE}\s*[。.]?\s*$")


def without_hints(text: str) -> tuple[str, tuple[str, ...]]:
    """What was written into a cell, and the hints that stand there with it or in its place."""
    rest = text.strip()
    if not rest or WHOLE.fullmatch(rest):
        return "", (rest,) if rest else ()
    dropped = []
    for pattern in (FIRST, LAST):
        found = pattern.match(rest) if pattern is FIRST else pattern.search(rest)
        if found:
            dropped.append(found[0].strip())
            rest = (rest[: found.start()] + rest[found.end() :]).strip()
    return rest, tuple(dropped)
