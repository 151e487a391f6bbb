"""Processes that divide a pavilion, and change it, at the same moment."""

from exhibitors import pavilions
from exhibitors.models import Agency, Booking, Booth, Pavilion
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.racing import Refused

GIVERS = 4


def prepare():
    """One booth of one pavilion, and several people of its organiser."""
    edition = editions.edition(slug="race")
    country = make.agency("Trade Office of Examplia")
    user = make.exhibition_manager(email="organiser@example.org")
    booths = make.booths(make.zone(make.hall(edition)), 1)
    pavilions.keep(edition=edition, name_en="Examplia", name_km="", organiser=country, booths=booths, user=user)
    for number in range(GIVERS):
        make.member(country, email=f"head{number}@example.org")
        make.agency(f"Member {number}")


def person(email):
    return make.get_user_model().objects.get(email=email)


def give(number, is_new=False):
    words = {
        "pavilion": Pavilion.objects.get(),
        "booth": Booth.objects.get(code="A01"),
        "user": person(f"head{number}@example.org"),
    }
    if not is_new:
        return pavilions.give(agency=Agency.objects.get(name_en=f"Member {number}"), **words).agency.name_en
    agency = {"name_en": "New member", "name_km": "", "kind": "private", "country": "KH"}
    return pavilions.give_to_new(email="new@example.org", language="en", **agency, **words).agency.name_en


def give_or_empty(is_given):
    """Somebody gives the booth while an organiser takes it out of the pavilion."""
    if is_given:
        return give(0)
    row = Pavilion.objects.select_related("edition", "organiser").get()
    names = {"name_en": row.name_en, "name_km": row.name_km, "organiser": row.organiser, "edition": row.edition}
    return pavilions.keep(pavilion=row, booths=[], user=person("organiser@example.org"), **names).booths.count()


def standing():
    live = Booking.objects.filter(state__in=["held", "confirmed"]).select_related("agency", "booth")
    return [(row.agency.name_en, row.booth.pavilion_id is not None) for row in live]


def agencies():
    return Agency.objects.filter(name_en="New member").count()


def test_one_member_gets_the_booth_that_two_people_give_and_the_others_are_told(race):
    race.prepare(prepare)

    outcomes = race(give, [{"number": number} for number in range(GIVERS)])

    (winner,) = [outcome for outcome in outcomes if not isinstance(outcome, Refused)]
    assert outcomes.count(Refused("taken")) == GIVERS - 1
    assert race.prepare(standing) == [(winner, True)]


def test_one_new_agency_is_entered_once(race):
    race.prepare(prepare)

    outcomes = race(give, [{"number": number, "is_new": True} for number in range(GIVERS)])

    refusals = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert len(refusals) == GIVERS - 1
    assert {refusal.code for refusal in refusals} <= {"taken", "known"}
    assert race.prepare(standing) == [("New member", True)]
    assert race.prepare(agencies) == 1


def test_a_booth_is_given_or_leaves_and_never_both(race):
    race.prepare(prepare)

    given, left = race(give_or_empty, [{"is_given": True}, {"is_given": False}])

    if isinstance(given, Refused):
        assert (given.code, left, race.prepare(standing)) == ("pavilion", 0, [])
    else:
        assert (left, race.prepare(standing)) == (Refused("given"), [("Member 0", True)])
