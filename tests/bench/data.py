"""What the bench works on: the demonstration forum with twenty thousand people, a pass with room for all, and staff.

Run as a program on the bench's database, it prints what the clients need as JSON.
"""

import json
import sys

import django

if __name__ == "__main__":
    django.setup()

from django.contrib.auth.models import Group
from django.contrib.sessions.backends.db import SessionStore
from post_office.models import STATUS, Email

from cms.models import Edition
from exhibitors.models import Agency
from forum.badges import printing
from forum.checkin.models import Gate
from forum.registration.models import Answer, PassType, Registration
from tests.factories import accounts, cms
from tests.factories import registration as make

CROWD, EXPORTED = 20_000, 5_000  # people in the current edition; in the one that is taken out as a file
BATCHES = (100, 1000)  # people with a pass of their own, printed together
FAMILIES = ["SOK", "CHAN", "KEO", "LIM", "MEAS", "NHEM", "OUK", "PRAK", "SAM", "TEP"]
GIVEN = ["Dara", "Bopha", "Chenda", "Kosal", "Mony", "Phalla", "Rithy", "Sophea", "Vanna", "Vichet"]
KHMER = ["សុខ ដារ៉ា", "ចាន់ បុប្ផា", "កែវ ចិន្តា", "លឹម កុសល", "មាស មុនី", "ញ៉ែម ផល្លា", "អ៊ុក រិទ្ធី", "ប្រាក់ សុភា"]
WORDS = "abcdefghij"


def make_all(scanned: int) -> dict:
    edition = Edition.objects.current()
    pass_type = make.pass_type(edition, slug="bench", size=1_000_000)
    agencies = list(Agency.objects.all())
    people = crowd(pass_type, agencies, CROWD)
    other = cms.edition(slug="bench", is_current=False)
    answer_all(crowd(make.pass_type(other, slug="bench", size=1_000_000), agencies, EXPORTED))
    for size in BATCHES:
        crowd(make.pass_type(edition, slug=f"bench-{size}", size=1_000_000), agencies, size)
    Email.objects.update(status=STATUS.sent)  # their mail is not what is measured
    held = Registration.objects.filter(pk__in=[person.pk for person in people[:scanned]])
    return {
        "edition": edition.slug,
        "exported": other.pk,
        "pass_type": pass_type.slug,
        "gate": Gate.objects.create(edition=edition, name_en="Bench gate").code,
        "badges": [badge.serial for badge in printing.issue(held)],
        "people": [person.code for person in people[scanned:]],
        "session": {role: sign_in(role) for role in ("gate", "badge desk", "organiser")},
    }


def crowd(pass_type: PassType, agencies: list[Agency], size: int) -> list[Registration]:
    """People as an import would write them; no two have the same name and address."""
    made = []
    for number in range(size):
        word = "".join(WORDS[int(digit)] for digit in str(number))
        person = Registration(
            edition=pass_type.edition,
            pass_type=pass_type,
            name_latin=f"{FAMILIES[number % 10]} {GIVEN[number // 10 % 10]} {word.capitalize()}",
            name_km=KHMER[number % len(KHMER)],
            agency=agencies[number % len(agencies)],
            position="Director of digital services",
            email=f"{pass_type.slug}.{number}@example.org",
        )
        person.set_keys()
        made.append(person)
    return Registration.objects.bulk_create(made, batch_size=1000)


def answer_all(people: list[Registration]) -> None:
    """Two questions of their edition, answered by everybody."""
    edition = people[0].edition
    asked = {make.question(edition, "choice", choices=["tea", "milk"]): "tea", make.question(edition): "សុខ ដារ៉ា"}
    answers = [Answer(registration=person, question=each, value=asked[each]) for person in people for each in asked]
    Answer.objects.bulk_create(answers, batch_size=1000)


def sign_in(role: str) -> str:
    user = accounts.user()
    user.groups.add(Group.objects.get(name=role))
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.create()
    return session.session_key


if __name__ == "__main__":
    print(json.dumps(make_all(int(sys.argv[1]))))
