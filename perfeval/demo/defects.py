"""All defects that can be planted, each by the code of the finding rule (docs/findings.md) it breaks.

No two touch the same row. Those of ``LASTING`` are an office's habit and are there every year.
"""

from perfeval.demo import paperdefects, rowdefects, scoredefects
from perfeval.demo.paper import Planter

EARLY: dict[str, Planter] = {
    "A01": rowdefects.copied_operator,
    "A03": rowdefects.words_for_a_number,
    "A04": rowdefects.no_actual,
    "A06": rowdefects.beyond_everything,
    "A07": rowdefects.approximate,
    "C04": rowdefects.counted_twice,
    "C05": rowdefects.one_narrative_for_two,
    "C06": rowdefects.about_another,
    "C10": rowdefects.impossible_arithmetic,
    "C11": rowdefects.claimed_though_missed,
    "C12": rowdefects.missed_though_met,
    "D01": rowdefects.no_reason,
    "D02": rowdefects.restated,
    "D04": rowdefects.far_above,
    "D07": rowdefects.nothing_wrong,
    "E01": paperdefects.no_survey,
    "E02": paperdefects.unknown_sample,
    "E03": paperdefects.unlike_the_survey,
    "E06": paperdefects.survey_of_nothing,
    "X03": paperdefects.leftover,
    "X04": paperdefects.misspelt,
    "X06": paperdefects.other_year,
    "X07": paperdefects.many_words,
    "M01": paperdefects.sums_do_not_hold,
    "M05": paperdefects.overspent,
}
"""Planted before weights and scores are given."""
LATE: dict[str, Planter] = {
    "P01": scoredefects.weights_off,
    "P02": scoredefects.wrong_total,
    "P03": scoredefects.unlike_the_formula,
    "P04": scoredefects.full_marks,
    "P05": scoredefects.shaved,
    "P06": scoredefects.more_than_there_is,
    "P11": scoredefects.wrong_grade,
}
"""Planted after weights and scores have been given."""
LASTING: dict[str, Planter] = {
    "T01": scoredefects.target_done,
    "T02": scoredefects.target_in_the_name,
    "T04": scoredefects.no_target,
    "T10": scoredefects.target_about,
    "S05": scoredefects.no_types,
    "S09": scoredefects.goals_named_after_money,
    "M03": paperdefects.no_opening,
    "M07": paperdefects.no_fund,
}
"""An office's habits: planted every year, in the same row."""
