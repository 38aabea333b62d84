"""Which way is good, and what the indicator's name says."""

import pytest

from perfeval.model.comparing import infer
from perfeval.model.names import adverse, is_rate, target_in, unit_of
from perfeval.model.schema import DEADLINE, EQUAL, POSITIVE, QUALITATIVE, REVERSE
from perfeval.model.values import describe, read


@pytest.mark.parametrize(
    ("indicator", "target", "direction"),
    [
        ("合格率", "≥95%", POSITIVE),
        ("调整次数", "≤10次", REVERSE),
        ("补助人数", "=42人", EQUAL),
        ("年度排名", "前3名", REVERSE),
        ("事故下降率", "5%", POSITIVE),
        ("投诉处理率", "95%", POSITIVE),
        ("信访积案化解率", "90%", POSITIVE),
        ("消防隐患整治率", "99%", POSITIVE),
        ("安全事故处置率", "100%", POSITIVE),
        ("非访劝返率", "100%", POSITIVE),
        ("投诉回复满意率", "95%", POSITIVE),
        ("突发事件应急演练", "2次", POSITIVE),
        ("欠薪案件办结率", "98%", POSITIVE),
        ("辖区无暴露垃圾", "96%", POSITIVE),
        ("无违纪违规行为", "100%", POSITIVE),
        ("减少投诉", "10%", POSITIVE),
        ("刑事案件发案率", "2%", REVERSE),
        ("赴省重访率", "完成", REVERSE),
        ("粮食变质比例", "1%", REVERSE),
        ("林业有害生物成灾率", "0.4%", REVERSE),
        ("结转结余率", "2%", REVERSE),
        ("森林火灾受害面积", "5亩", REVERSE),
        ("事故死亡人数", "3人", REVERSE),
        ("污染物排放量", "100吨", REVERSE),
        ("单位产值能耗", "0.5吨", REVERSE),
        ("上访人数", "0", REVERSE),
        ("重大安全事故", "完成", REVERSE),
        ("公用经费控制率", "100%", REVERSE),
        ("市民中心运行维护费", "150万", REVERSE),
        ("项目总投资", "20万元", REVERSE),
        ("低保标准", "860元/人·月", EQUAL),
        ("财政资金补助", "1600元/亩", EQUAL),
        ("补助标准控制", "1600元/亩", REVERSE),
        ("税收收入", "8500万元", POSITIVE),
        ("招商引资到位资金", "3亿元", POSITIVE),
        ("慰问金", "10万元", ""),
        ("高血压控制率", "60%", POSITIVE),
        ("结构调整面积", "100亩", POSITIVE),
        ("独生子伤残、死亡家庭扶助", "63人", POSITIVE),
        ("完成时限", "2019年", DEADLINE),
        ("服务周期", "180", DEADLINE),
        ("办理时间", "3天", DEADLINE),
        ("数据报送", "按时", DEADLINE),
        ("工资发放", "每月15日前", DEADLINE),
        ("开放天数", "300天", POSITIVE),
        ("发放及时率", "100%", POSITIVE),
        ("12月底之前完成", "100%", POSITIVE),
        ("环境", "良好", QUALITATIVE),
        ("工作任务", "完成", QUALITATIVE),
        ("党建工作完成率", "完成", POSITIVE),
        ("公共服务", "增加岗位", QUALITATIVE),
        ("能耗", "下降5%", POSITIVE),
        ("救助人数(≥**人)", "7人", POSITIVE),
        ("救助标准(<**元)", "7元", REVERSE),
    ],
)
def test_inferred_directions(indicator: str, target: str, direction: str) -> None:
    found, why = infer(indicator, read(target), read(""))
    assert found == direction, why
    assert why


def test_the_reason_names_what_decided() -> None:
    assert infer("满意度", read("≤5%"), read(""))[1] == "目标值带“≤”"
    assert "事故" in infer("安全事故起数", read("3起"), read(""))[1]
    assert infer("满意度", read("5%"), read(""), REVERSE) == (REVERSE, "按行指定")


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("消防隐患整治率99%", "99%"),
        ("群众对环境美化满意度90%以上", "≥90%"),
        ("完成立案5件", "5件"),
        ("数据维护100%", "100%"),
        ("≥360天服务读者", "≥360天"),
        ("居民满意度不低于85%", "≥85%"),
        ("社区书记培训2期", "2期"),
        ("拆除违建30处", "30处"),
        ("开展5次培训", "5次"),
        ("12月底之前完成", "12月底之前完成"),
        ("指标1：合格率达到95%", "95%"),
    ],
)
def test_targets_in_names(name: str, target: str) -> None:
    found = target_in(name)
    assert found is not None
    assert describe(found) == target


@pytest.mark.parametrize(
    "name",
    [
        "“12135”投诉回复满意率",
        "12345热线办结率",
        "2022年度工作",
        "0-6岁儿童健康管理数",
        "0-36月龄中医药管理数",
        "孕产妇7天访视数",
        "推动“四项制度”落实",
        "指标1:参合人数",
        "★★★低保人数(≥**人)",
        "65岁以上老年人管理率",
        "3A级景区",
        "网格案结率",
        "完成旧改2期工程",
        "满意度90%或95%",
        "第3方考核",
        "5G基站建设",
    ],
)
def test_names_without_target(name: str) -> None:
    assert target_in(name) is None


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("成本控制数(万元)", "万元"),
        ("工资发放准确性（%）", "%"),
        ("救助人次数(≥**人次)", "人次"),
        ("采伐监管(万立方米)", "万立方米"),
        ("补助村(社区)数量", ""),
        ("低保人数(按月平均)", ""),
        ("满意度", ""),
    ],
)
def test_units_in_names(name: str, unit: str) -> None:
    assert unit_of(name) == unit


def test_adverse_nouns_and_rates() -> None:
    assert adverse("安全事故发生率").heads
    assert not adverse("安全事故处置率").heads
    assert adverse("满意度") is None
    assert is_rate("消防隐患整治率99%")
    assert not is_rate("补助人数")
