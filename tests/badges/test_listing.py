"""Lists of people on paper: each row between its rules."""

from unittest import mock

from cms import pdf_pages
from forum.badges import listing
from forum.badges.listing import Heads, Row


def lines_of(*rows):
    with mock.patch.object(pdf_pages, "render") as rendered:
        listing.render([("", list(rows))], Heads(title="Forum"), "en")
    ((page,),) = (call.args[0] for call in rendered.call_args_list)
    return page.lines


def test_two_lines_of_a_long_name_stay_off_the_rules_of_their_row():
    row = Row(name_km="សុខ ដារ៉ា", name_latin="SOK Dara", agency="Ministry of Examples 3065", pass_name="Delegate")

    _head, first, second = [line for line in lines_of(row) if line.left == listing.AGENCY[0]]

    above, below = listing.TOP + listing.ROW, listing.TOP + 2 * listing.ROW
    assert first.top - above >= 0.39 and below - (second.top + second.height) >= 0.39
