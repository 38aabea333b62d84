"""The outline of the report form, as the district's template prints it."""

from perfeval.model.reportform import HEADINGS

# 鄂财绩 report form: one step in for each level, the annex at the margin with a dash.
OUTLINE = """
自评结论
  部门整体绩效自评得分
  部门整体绩效目标完成情况
    执行率情况
    完成的绩效目标
    未完成的绩效目标
  存在的问题和原因
  下一步改进措施
    改进措施
    拟与预算安排相结合情况
佐证材料
  基本情况
    部门支出情况以及当年重点工作
      部门支出情况
      当年重点工作
    年度部门整体绩效目标
  部门自评工作开展情况
  绩效目标完成情况分析
    预算执行情况分析
    各项绩效目标完成情况分析
  上年度部门整体自评结果应用情况
  其他佐证材料
- 附件
"""


def test_every_section_stands_at_its_level() -> None:
    lines = [f"{'  ' * (one.level - 1)}{one.text}" if one.level else f"- {one.text}" for one in HEADINGS]
    assert lines == OUTLINE.strip().splitlines()
