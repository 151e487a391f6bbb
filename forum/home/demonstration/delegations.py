"""The delegation of a made-up company, some of whose people have been named; and places that come with booths."""

from django.db import transaction

from cms.models import Edition
from exhibitors.models import Agency
from forum.home.demonstration.agencies import MADE_UP
from forum.registration import granting
from forum.registration.models import Delegation, Places, Registration, Role
from forum.registration.models.receiving import reached

PLACES = {"delegate": 4, "exhibitor": 10}
NAMED, OF = 6, "exhibitor"
FOCAL_POINT = reached("", contact=MADE_UP[0]["name_en"], address="exhibitor@example.org", role=Role.FOCAL_POINT)


@transaction.atomic
def load(edition: Edition) -> None:
    agency = Agency.objects.get(name_en=MADE_UP[0]["name_en"])
    delegation = Delegation.objects.create(edition=edition, agency=agency)
    for slug, size in PLACES.items():
        pass_type = edition.pass_types.get(slug=slug)
        Places.objects.create(delegation=delegation, pass_type=pass_type, size=size)
    people = Registration.objects.of(edition).filter(pass_type__slug=OF)
    named = list(people.filter(agency_name__in=[agency.name_en, agency.name_km])[:NAMED])
    for number, person in enumerate(named):
        person.agency = agency
        if number % 3 == 2:  # no address: the focal point hands over a letter
            for name, value in FOCAL_POINT.items():
                setattr(person, name, value)
        person.save()
    Registration.objects.filter(pk__in=[person.pk for person in named]).update(delegation=delegation)
    delegation.places.filter(pass_type__slug=OF).update(taken=len(named))
    granting.follow_booths(edition)
