"""The presets as one page for users, written from the files themselves."""

from perfeval.analysis import rulesets
from perfeval.model.rounding import percent, plain
from perfeval.model.ruleset import Block, RuleSet

FORMULAS = {
    "B/A": "完成值B ÷ 目标值A，不超过1",
    "A/B": "目标值A ÷ 完成值B，不超过1；目标为0时，完成值为0得满分，否则0分",
    "2A": "B≤A得满分，A<B<2A时1－(B－A)÷A，B≥2A得0分；目标为0时，完成值为0得满分，否则0分",
}
EQUAL = {
    "B/A": "完成值B ÷ 目标值A，超过不扣分；目标为0时，完成值为0得满分，否则0分",
    "deviation": "1－|B－A| ÷ A，多了少了都扣",
    "exact": "相等得满分，否则0分",
}
SPREADS = {
    "pooled": "各块分值由全部目标的块内指标均分",
    "goals": "指标分值先由各目标均分，再在目标内按所用各块分配",
}
OVERS = {"ignore": "不扣分，不注明", "annotate": "超过{}时注明，不扣分", "deduct": "超过{}的部分从得分率中扣减"}
INTRODUCTION = """# 计分规则

`perfeval score --ruleset all` 用下列全部规则复算同一份自评表；`perfeval.toml` 的 `[run] ruleset` 选定其中一套。
各套规则都是数据，不是程序：自己的规则写成一个TOML文件，`ruleset = "rules/ours.toml"` 按路径指定
（相对于数据目录的上一级目录，一般就是 `perfeval.toml` 所在目录）。文件有错时，逐处列出行号、原因，一次列全。

文件列了全部指标的分值时，一律以文件为准；文件也列了预算执行的分值时，执行分同样以文件为准，否则为100分减去指标分值，至多20分；余下更多的，说明只列出一部分，执行按规则。
文件给整块印的分值（目标、一级指标、二级指标；见 `data/README.md` 的 `blocks.csv`）先于规则：
各行的分值最优先，其次是里层的块，再其次是外层的块，没有分值的各项在所属的块内按规则分余下的分值；没有余下的计0分，其中项不另计分。文件没有列预算执行的分值时，
块以外余下的0—20分是预算执行的。项目决策一类指标以外的部分，照文件所列得分计入总分。

文件什么分值都没有列的，按规则的各块分配；每项小数位不够、除不尽时，尾差按指标内容（不按行的次序）补在个别指标上，合计正好100分。

## 可以写的设置

| 设置 | 含义 | 不写时 |
| --- | --- | --- |
| `title` `source` `deviations` | 名称、出处、与出处不同或需要选择之处 | 前两项必写 |
| `called` | 报告正文里怎么称呼这套规则，如“湖北省规定” | “名称”规则 |
| `execution` | 预算执行的分值 | 必写 |
| `[[blocks]]` | `title`、`points`、`categories`：一类或几类指标合起来的分值，与执行合计100 | 必写 |
| `[[fallback]]` | `absent` 所列类别都没有指标时改用的 `blocks`；几段都合用时取 `absent` 最多的 | 按比例分给其余 |
| `spread` | `pooled` 或 `goals`：%s | `pooled` |
| `formulas.positive` | `B/A` | 必写 |
| `formulas.reverse` | `A/B` 或 `2A` | 必写 |
| `formulas.equal` | `B/A`、`deviation` 或 `exact` | `B/A` |
| `levels` | 定性三档的上下限 `low`、`high`，只知档次时取的 `use` | 必写 |
| `over` | `mode` 为 `ignore`、`annotate` 或 `deduct`，`from` 为起点（1.3 即130%%）；不用于越少越好的 | `ignore` |
| `rounding` | 每项 `row`、总分 `total` 的小数位；`share` 为得分系数先取的位数 | `share` 不取整 |
| `grades` | 各等级的最低分，最低一档从0起 | 不评级 |
"""


def reference() -> str:
    """The whole page, Markdown: how to write a rule set, then one section per preset."""
    head = INTRODUCTION % f"{SPREADS['pooled']}；{SPREADS['goals']}"
    return "\n".join([head, *(section(rulesets.preset(name)) for name in rulesets.names())])


def section(rules: RuleSet) -> str:
    """One rule set: points, formulas, bands, source, deviations."""
    lines = [
        f"## {rules.name}　{rules.title}",
        "",
        f"- 出处：{rules.source}。",
        *([f"- 与出处不同或需要选择之处：{rules.deviations}。"] if rules.deviations else []),
        f"- 分值：预算执行{plain(rules.execution)}分；{_split(rules.blocks)}；{SPREADS[rules.spread]}。",
        *(f"- 没有{'、'.join(one.absent)}指标时：{_split(one.blocks)}。" for one in rules.fallbacks),
        f"- 越多越好：{FORMULAS[rules.positive]}。",
        f"- 越少越好：{FORMULAS[rules.reverse]}。",
        f"- 等于：{EQUAL[rules.equal]}。",
        f"- 超额完成：{OVERS[rules.over.mode].format(percent(rules.over.start))}。",
        f"- 取整：每项{rules.row_places}位小数，总分{rules.total_places}位小数，四舍五入{_share(rules)}。",
        f"- 等级：{_grades(rules)}。",
        "",
        "| 定性档次 | 下限 | 上限 | 只知档次时取 |",
        "| --- | --- | --- | --- |",
        *(
            f"| {status} | {percent(band.low)} | {percent(band.high)} | {percent(band.use)} |"
            for status, band in rules.levels.items()
        ),
        "",
    ]
    return "\n".join(lines)


def _split(blocks: tuple[Block, ...]) -> str:
    return "、".join(f"{block.title}{plain(block.points)}分（{'、'.join(block.categories)}）" for block in blocks)


def _share(rules: RuleSet) -> str:
    return "" if rules.share_places is None else f"；得分系数先取{rules.share_places}位小数"


def _grades(rules: RuleSet) -> str:
    return "、".join(f"{grade}{plain(lowest)}分起" for grade, lowest in rules.grades) or "不评级"
