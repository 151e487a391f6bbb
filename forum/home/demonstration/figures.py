"""What some of the made-up people told voluntarily."""

from cms.models import Edition
from forum.registration import places
from forum.registration.models import Figures, Registration

EVERY = 3  # of so many people one tells nothing
NEAR = 4  # of so many who tell, all but one live in the capital
CAPITAL = "KH-12"
WOMEN = {"ms", "mrs", "lok-chumteav"}


def load(edition: Edition) -> None:
    people = Registration.objects.of(edition).coming().order_by("pk")
    provinces, bodies = [code for code, _name in places.provinces("en")], Figures.Body.values
    Figures.objects.bulk_create(
        Figures(
            edition=edition,
            registration=person,
            sex=Figures.Sex.FEMALE if person.honorific in WOMEN else Figures.Sex.MALE,
            province=provinces[number % len(provinces)] if number % NEAR == 0 else CAPITAL,
            body=bodies[number * number % len(bodies)],
        )
        for number, person in enumerate(people)
        if number % EVERY
    )
