"""``manage.py allocate_booths``: the same proposal as in the back office, told and written as a file."""

import json

import pytest
from django.core.management import CommandError, call_command

from exhibitors import posing, proposing
from exhibitors.models import AllocationRun
from exhibitors.placing import Weights
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.factories import proposals

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return editions.edition(slug="2031")


@pytest.fixture
def rows(edition):
    """One that gets its second wish, one its first, one that fits nowhere; in the order of their codes."""
    first, second = proposals.fair(edition, 2)
    proposals.accepted(edition, wishes=[first, second], code="AAAAAA")
    proposals.accepted(edition, wishes=[first], weight=3, code="BBBBBB")
    proposals.accepted(edition, least_area=99, code="CCCCCC")


def said(capsys, *arguments):
    call_command("allocate_booths", *arguments)
    return capsys.readouterr().out.splitlines()


def test_a_proposal_is_made_told_and_kept(edition, rows, capsys):
    out = said(capsys, "2031", "--seed", "5")

    run = AllocationRun.objects.get()
    assert (run.state, run.seed, run.asked_by) == ("done", 5, None)
    assert out == [
        f"Proposal {run.code}: booths for 2 of 3 applications of edition 2031",
        f"  -620 points, at most -620 (proven: none is better), in {run.seconds:.1f} s; seed 5",
        f"  question {run.digest}",
        "  AAAAAA  A02         wish 2",
        "  BBBBBB  A01         wish 1",
        "  CCCCCC  no booth",
        "  - size: 0 of 1 fit: CCCCCC",
    ]


def test_trying_it_says_the_same_and_writes_nothing(edition, rows, capsys):
    out = said(capsys, "2031", "--dry-run", "--seed", "5")

    assert not AllocationRun.objects.exists()
    assert out[0] == "Would propose booths for 2 of 3 applications of edition 2031"
    assert out[3:] == said(capsys, "2031", "--seed", "5")[3:]


def test_the_file_says_everything_that_is_kept(edition, rows, tmp_path, capsys):
    tried, made = tmp_path / "tried.json", tmp_path / "made.json"

    said(capsys, "2031", "--dry-run", "--seed", "5", "--json", str(tried))
    said(capsys, "2031", "--seed", "5", "--json", str(made))

    told, run = json.loads(made.read_text()), AllocationRun.objects.get()
    assert told == {
        "proposal": run.code,
        "edition": "2031",
        "seed": 5,
        "weights": run.weights,
        "digest": posing.pose(edition, Weights()).digest,
        "score": -620,
        "bound": -620,
        "seconds": run.seconds,
        "lines": [
            {
                "application": "AAAAAA",
                "booth": "A02",
                "rank": 2,
                "is_pinned": False,
                "reasons": [
                    {
                        "wish": {"booth": "A01"},
                        "rules": ["taken"],
                        "with": ["BBBBBB"],
                        "gain": 100,
                        "their_gain": 300,
                        "costs": None,
                    }
                ],
            },
            {"application": "BBBBBB", "booth": "A01", "rank": 1, "is_pinned": False, "reasons": []},
            {"application": "CCCCCC", "booth": None, "rank": None, "is_pinned": False, "reasons": []},
        ],
        "conflicts": [{"rules": ["size"], "applications": ["CCCCCC"], "booths": 0}],
    }
    assert json.loads(tried.read_text()) | {"seconds": 0} == {
        name: value for name, value in (told | {"seconds": 0}).items() if name != "proposal"
    }


def test_without_a_seed_one_is_drawn_and_told(edition, rows, capsys):
    out = said(capsys, "2031")

    assert out[1].endswith(f"; seed {AllocationRun.objects.get().seed}")


@pytest.mark.parametrize("mode", [[], ["--dry-run"]])
def test_where_nobody_waits_it_says_so(edition, mode):
    with pytest.raises(CommandError, match="No accepted application waits for a booth"):
        call_command("allocate_booths", "2031", *mode)


@pytest.mark.parametrize("mode", [[], ["--dry-run"]])
def test_a_pin_that_cannot_be_kept_is_told(edition, rows, mode):
    booth = edition.booths.get(code="A01")
    make.booking(booth)
    edition.applications.filter(code="AAAAAA").update(pin=booth)

    with pytest.raises(CommandError, match="is pinned to booth A01, which is taken or not published"):
        call_command("allocate_booths", "2031", *mode)


def test_an_unknown_edition_a_folder_that_is_none_and_a_seed_that_is_none_are_told(edition, rows, tmp_path):
    with pytest.raises(CommandError, match="There is no edition 1999"):
        call_command("allocate_booths", "1999")
    with pytest.raises(CommandError, match="There is no folder"):
        call_command("allocate_booths", "2031", "--json", str(tmp_path / "none" / "file.json"))
    for seed in ("-1", "many", str(2**63)):
        with pytest.raises(CommandError, match="invalid _seed value"):
            call_command("allocate_booths", "2031", f"--seed={seed}")
    assert not AllocationRun.objects.exists()


def test_one_that_fails_is_told(edition, rows, monkeypatch):
    monkeypatch.setattr(proposing, "do_next", lambda: bool(AllocationRun.objects.update(state="failed")))

    with pytest.raises(CommandError, match="is failed; the log says why"):
        call_command("allocate_booths", "2031")


def test_a_real_list_of_exhibitors_comes_in_and_is_placed(shared_data):
    """715 rows as they were published for an exhibition of 2026, some agencies twice; what each wants is made up."""
    rows = json.loads(shared_data("organisations/india-ai-impact-expo-2026-exhibitors.json").read_text())
    names = list(dict.fromkeys(row["name"] for row in rows))
    edition = editions.edition(slug="real")
    hall = make.hall(edition, width=30_000, depth=20_000)
    zones = [make.zone(hall, by_application=True) for _each in range(6)]
    booths = [
        make.booth(zones[number % 6], f"B{number}", x=number % 50 * 400, y=number // 50 * 600) for number in range(750)
    ]
    for number, name in enumerate(names):
        wishes = [booths[number * step % 750] for step in (1, 7, 11)]
        proposals.accepted(edition, by=make.agency(name, country="IN"), wishes=[*wishes, zones[number % 6]])

    call_command("allocate_booths", "real", "--seed", "1")

    run = AllocationRun.objects.counted().get()
    assert (len(rows), len(names) > 700) == (715, True)
    assert (run.total, run.placed, run.conflicts) == (len(names), len(names), [])
    assert run.gap < 0.01
