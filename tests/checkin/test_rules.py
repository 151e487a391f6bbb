"""The rules of gates, case by case; no database is asked."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.checkin import rules

WRITTEN = json.loads(Path(__file__).with_name("rules.json").read_text())


@pytest.mark.parametrize("case", WRITTEN["cases"], ids=lambda case: case["case"])
def test_each_case_is_decided_as_it_is_written(case):
    assert rules.refusal(WRITTEN["facts"] | case["changed"]) == case["refusal"]


@pytest.mark.parametrize("case", WRITTEN["doubts"], ids=lambda case: case["case"])
def test_what_is_no_badge_of_this_forum_is_called_what_it_is(case):
    assert rules.doubt(WRITTEN["seen"] | case["changed"]) == case["doubt"]


@pytest.mark.parametrize("case", WRITTEN["keys"], ids=lambda case: case["case"])
def test_what_may_be_written_once_is_named(case):
    facts = WRITTEN["facts"] | {"way": case["way"], "gate": WRITTEN["facts"]["gate"] | {"zone": case["zone"]}}

    assert rules.once_key(facts, passage=case["passage"], badge="B", left=case["left"]) == case["key"]


CLOCK = st.times().map(lambda time: f"{time:%H:%M}")


@given(opens=CLOCK, closes=CLOCK, clock=CLOCK, begins=st.integers(0, 23).map(lambda hour: f"{hour:02}:00"))
def test_at_any_hour_it_is_open_before_or_after_an_hour_that_parts_the_day(opens, closes, clock, begins):
    """Open until then, and open from then on: one of the two lets in, and never both."""

    def lets_in(first, last):
        gate = WRITTEN["facts"]["gate"] | {"opens": first, "closes": last}
        return not rules.refusal(WRITTEN["facts"] | {"gate": gate, "clock": clock, "begins": begins})

    if opens != begins:
        assert lets_in(None, opens) != lets_in(opens, None)
    assert lets_in(begins, begins) == lets_in(None, None) is True
    if lets_in(opens, closes):
        assert lets_in(opens, None) and lets_in(None, closes)
