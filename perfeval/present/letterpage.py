"""A letter as plain text and as the HTML that mail programs show: nested tables, one image, nothing from elsewhere."""

from collections.abc import Sequence

from markupsafe import Markup

from perfeval.present import narrative
from perfeval.present.axes import title_of
from perfeval.present.canvas import WIDTH as CHART_WIDTH
from perfeval.present.letters import Letter, Section
from perfeval.present.page import THEME

WIDTH = 640
"""Of the mail on a desk, px; on a phone it takes the screen's."""
INVENTED = f"{narrative.SYNTHETIC}。"
AUTOMATIC = "本邮件由程序按报告的数字生成并发送，请勿直接回复。"


def style() -> str:
    """The style sheet, to be put into the tags: mail programs read no other."""
    return (THEME / "mail.css").read_text(encoding="utf-8")


def as_text(letter: Letter, attachments: Sequence[str]) -> str:
    """The letter for those who read no HTML: the same words and figures."""
    lines = [f"{letter.name} {letter.when}{letter.kind}", ""]
    lines += [f"【{notice}】\n" for notice in _notices(letter)]
    lines += [letter.lead, ""]
    lines += [f"{fact.title}：{fact.value}（{fact.note}）" for fact in letter.facts]
    for section in letter.sections:
        lines += ["", f"■ {section.heading}"] + ([section.said] if section.said else [])
        for item in section.items:
            lines += [f"{item.sign} {item.name}", *(f"  {line}" for line in item.lines)]
    if letter.chart:
        lines += ["", f"■ {title_of(letter.chart)}", letter.chart.told()]
    return "\n".join([*lines, "", *_foot(letter, attachments)]) + "\n"


def page(letter: Letter, attachments: Sequence[str], image: str) -> str:
    """The letter as an HTML page with classes of :func:`style`; ``image`` is the content id of its chart."""
    rows = [_row("eyebrow", Markup("{}　{}").format(letter.kind, letter.when))]
    rows.append(_row("line", Markup("<h1>{}</h1>").format(letter.name)))
    rows += [_row("gap", Markup("&nbsp;")) + _row("alert", Markup.escape(notice)) for notice in _notices(letter)]
    rows.append(_row("lead", Markup.escape(letter.lead)))
    rows.append(_row("line", _facts(letter)))
    rows += [_section(section) for section in letter.sections]
    if letter.chart:
        rows.append(_heading(title_of(letter.chart)))
        alt = letter.chart.told()
        shown = Markup('<img src="cid:{}" width="{}" alt="{}" border="0">').format(image, CHART_WIDTH, alt)
        rows.append(_row("chart", shown))
    rows.append(_row("foot", Markup("<br>").join(_foot(letter, attachments))))
    inner = _table(Markup("").join(rows))
    outer = Markup(
        "<!--[if mso]>{open}<![endif]-->"
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" align="center"'
        ' style="max-width: {width}px"><tr><td class="page" bgcolor="#ffffff">{inner}</td></tr></table>'
        "<!--[if mso]></td></tr></table><![endif]-->"
    ).format(
        open=Markup(
            '<table role="presentation" width="{}" align="center" cellpadding="0" cellspacing="0" border="0"><tr><td>'
        ).format(WIDTH),
        width=WIDTH,
        inner=inner,
    )
    around = Markup('<tr><td class="around" bgcolor="#eef1f3" align="center">{}</td></tr>').format(outer)
    return str(
        Markup(
            '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{}</title>'
            '<style>{}</style></head><body bgcolor="#eef1f3">{}</body></html>\n'
        ).format(letter.subject, Markup(style()), _table(around))  # noqa: S704  # our own style sheet
    )


def _notices(letter: Letter) -> list[str]:
    return [text for text in (INVENTED if letter.synthetic else "", letter.correction) if text]


def _foot(letter: Letter, attachments: Sequence[str]) -> list[str]:
    told = f"完整报告见附件：{'、'.join(attachments)}。" if attachments else "本邮件没有附件。"
    return [told, f"编号：{letter.number}", AUTOMATIC]


def _table(rows: Markup) -> Markup:
    return Markup(
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">{}</table>'
    ).format(rows)


BACKGROUNDS = {"alert": "#fbf3dc", "fact": "#f5f7f8"}
"""As in the style sheet; again as attributes, which outlive what some programs do to styles."""


def _cell(kind: str, content: Markup, more: str = "") -> Markup:
    colour = BACKGROUNDS.get(kind, "#ffffff")
    return Markup('<td class="{}" bgcolor="{}"{}>{}</td>').format(kind, colour, Markup(more), content)  # noqa: S704  # ours


def _row(kind: str, content: Markup) -> Markup:
    return Markup("<tr>{}</tr>").format(_cell(kind, content))


def _heading(text: str) -> Markup:
    return _row("heading", Markup("<h2>{}</h2>").format(text))


def _facts(letter: Letter) -> Markup:
    """The figures, two in a row: four would be too narrow on a phone."""
    cells = [
        _cell(
            "fact",
            Markup("{}<br><strong{}>{}</strong><br>{}").format(
                fact.title, Markup(' class="bad"') if fact.bad else "", fact.value, fact.note
            ),
            ' width="50%"',
        )
        for fact in letter.facts
    ]
    pairs = [cells[place : place + 2] for place in range(0, len(cells), 2)]
    return _table(Markup("").join(Markup("<tr>{}</tr>").format(Markup("").join(pair)) for pair in pairs))


def _section(section: Section) -> Markup:
    shown = _heading(section.heading) + (_row("said", Markup.escape(section.said)) if section.said else Markup(""))
    items = [
        Markup("<tr>{}{}</tr>").format(
            _cell("sign", Markup.escape(item.sign), ' width="32"'),
            _cell(
                "item",
                Markup("<strong>{}</strong>{}").format(
                    item.name, Markup("").join(Markup("<br><span>{}</span>").format(line) for line in item.lines)
                ),
            ),
        )
        for item in section.items
    ]
    return shown + (_row("line", _table(Markup("").join(items))) if items else Markup(""))
