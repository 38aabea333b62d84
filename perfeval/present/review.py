"""The sentences of the reviewer's paper: on findings, recomputed scores, evidence and the sampling plan; plain text."""

from collections import Counter

import pandas as pd

from perfeval.model.results import Evaluation
from perfeval.present import labels, narrative

REVIEW_TITLE = "绩效自评复核底稿"
RATINGS = ("有数有据", "有数无据", "仅有叙述", "无")
SHOWN = {"无": "没有依据"}
"""What a rating is called where the bare word would not be understood."""


def recomputed(again: pd.DataFrame) -> str:
    """How many declared scores differ from the recomputed ones; takes the frame of ``pe.recomputation``."""
    own = again[again["row"].notna()]
    printed = own[own["declared"].notna()]
    if own.empty:
        return narrative.none("绩效指标")
    if printed.empty:
        return "文件没有各项指标的得分，只能比较总分。"
    odd = int(printed["difference"].ne(0).sum())
    alike = "全部与复算一致" if not odd else f"{labels.count(odd)}与复算不一致"
    return f"{len(own)}项指标中，{labels.count(len(printed))}有自评得分，{alike}。"


def reviewed(result: Evaluation) -> str:
    """Self-scores against reviewed ones in a sentence; how to get them on file where there are none."""
    review = result.review
    if review is None:
        return (
            "还没有复核得分。用 perfeval export 复核表.xlsx --review-sheet 生成复核表，填好后用 perfeval import 读回，"
            "这里即并列两种得分。"
        )
    if not review.scored:
        return "复核只填写了完成值或备注，没有复核得分。"
    some = "" if review.scored == review.total_rows else f"（共{review.total_rows}项，其余未复核）"
    basis = "" if set(review.rows["own_from"]) == {"自评"} else "；没有申报单项得分的，以申报口径复算的得分作自评得分"
    return (
        f"已复核{labels.count(review.scored)}指标{some}：自评合计{labels.score(review.own)}分，"
        f"复核合计{labels.score(review.reviewed)}分{basis}。"
    )


def evidence(backing: pd.DataFrame) -> tuple[str, ...]:
    """How well the actuals are backed; takes the frame of ``pe.evidence``."""
    if backing.empty:
        return (narrative.none("绩效指标"),)
    seen = Counter(backing["rating"])
    listed = "、".join(f"{SHOWN.get(rating, rating)}{labels.count(seen[rating])}" for rating in RATINGS)
    return (
        f"{labels.count(len(backing))}指标的依据：{listed}。",
        "依据的好坏与是否完成无关：没有依据的完成也须核实。",
    )


def sampling(plan: pd.DataFrame) -> tuple[str, ...]:
    """How many rows to go and see and why, then how they are chosen; takes the frame of ``pe.sampling_plan``."""
    if plan.empty:
        return (narrative.none("绩效指标"),)
    chosen = plan[plan["chosen"]]
    listed = "、".join(f"{name}{labels.count(count)}" for name, count in Counter(chosen["why"]).items())
    return (
        f"{labels.count(len(plan))}指标中抽查{labels.count(len(chosen))}：{listed}。",
        "风险＝金额×问题×扎堆。金额：本项占资金（没有列明的按分值）的份额，平均为2；问题：1加各处问题的权重"
        "（P0为3、P1为1、P2为0.25，乘以把握）；扎堆：1加同一目标下得分率相同的指标所占的份额。",
        "有P0问题的必查，其余名额一半取风险最高的，一半按风险大小随机抽取；随机数由街道编号和年度算出，重做得到同一名单。",
    )
