"""What the bench works on: the demonstration forum, a pass with room for all and a thousand people who become a hundred
thousand, editions to take out as files, delegations, and staff.

Run as a program on the bench's database: ``make`` prints what the clients need as JSON, ``grow`` adds the many, and
``double`` has them in the edition that is taken out as well.
"""

import json
import random
import secrets
import sys
from io import BytesIO

import django

if __name__ == "__main__":
    django.setup()

from django.contrib.auth.models import Group
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import F
from django.urls import reverse
from PIL import Image
from post_office.models import PRIORITY, STATUS, Email

from cms import images
from cms.models import Edition
from exhibitors.models import Agency
from forum.accounts.models import User
from forum.badges import keeping, printing
from forum.badges.models import Badge, BadgeLayout, BadgePrint, LayoutOfPass
from forum.checkin.models import Gate
from forum.registration.models import PHOTOS, Accreditation, Delegation, PassType, Places, Registration
from tests.bench import floor
from tests.bench import morning as the_morning
from tests.factories import accounts, cms, exhibitors
from tests.factories import registration as make

FEW, MANY = 1_000, 100_000  # people in the current edition: at first, and then
AGENCIES = 120  # from which the many come; those of the plan of 1,200 booths are not all of this forum
TAKEN_OUT = 5_000  # people of an edition that is taken out as a file, with two answers each
BATCHES = (100, 1000)  # people with a pass of their own, printed together
DELEGATIONS = 2  # each brings one sheet
AT_ONCE = 2_000  # rows of one statement
FAMILIES = ["SOK", "CHAN", "KEO", "LIM", "MEAS", "NHEM", "OUK", "PRAK", "SAM", "TEP"]
GIVEN = ["Dara", "Bopha", "Chenda", "Kosal", "Mony", "Phalla", "Rithy", "Sophea", "Vanna", "Vichet"]
KHMER = ["សុខ ដារ៉ា", "ចាន់ បុប្ផា", "កែវ ចិន្តា", "លឹម កុសល", "មាស មុនី", "ញ៉ែម ផល្លា", "អ៊ុក រិទ្ធី", "ប្រាក់ សុភា"]
RARE_KHMER, RARE_EVERY = "ឈឹម ពិសិដ្ឋ", 10_000  # one person in so many
WORDS = "abcdefghij"
LETTER = "You are registered.\n" * 40
LETTERS_SENT = """
    INSERT INTO post_office_email (from_email, "to", cc, bcc, subject, message, html_message, status, priority, created,
                                   last_updated, backend_alias)
    SELECT 'forum@example.org', number || '@example.org', '', '', 'Your registration', %s, '', %s, %s, now(), now(), ''
    FROM generate_series(1, %s) AS number"""
WRITTEN = ("To learn how others publish data", "bus")
ANSWERS = """
    INSERT INTO registration_answer (registration_id, question_id, value, file)
    SELECT id, %s, %s, '' FROM registration_registration WHERE pass_type_id = %s"""


def make_all() -> dict:
    edition = Edition.objects.current()
    pass_type = make.pass_type(edition, slug="bench", size=1_000_000)
    agencies = list(Agency.objects.all())
    people = Registration.objects.filter(pk__in=list(crowd(pass_type, agencies, range(FEW))))
    taken_out = {name: an_edition(f"bench-{name}") for name in ("few", "many")}
    list(crowd(taken_out["few"], agencies, range(TAKEN_OUT)))
    answer_all(taken_out["few"])
    Email.objects.update(status=STATUS.sent)  # their mail is not what is measured
    return {
        "edition": edition.slug,
        "pass_type": pass_type.slug,
        "floor": f"/km/{floor.make().slug}/exhibition/",
        "gate": Gate.objects.create(edition=edition, name_en="Bench gate").code,
        "badges": [str(badge.token) for badge in printing.issue(people)],
        "people": [person.code for person in people],
        "papers": [reverse("registration:badge", args=[person.token]) for person in people],
        "exported": {name: each.edition_id for name, each in taken_out.items()},
        "delegations": [a_delegation(pass_type, number) for number in range(DELEGATIONS)],
        "session": {role: staff(role) for role in ("gate", "badge desk", "organiser")},
    }


def grow() -> None:
    """The many, each of whom has had their mail."""
    pass_type = PassType.objects.get(slug="bench", edition=Edition.objects.current())
    agencies = list(Agency.objects.order_by("pk")[:AGENCIES])
    list(crowd(pass_type, agencies, range(FEW, MANY)))
    for size in BATCHES:
        list(crowd(make.pass_type(pass_type.edition, slug=f"bench-{size}", size=1_000_000), agencies, range(size)))
    pictured = make.pass_type(pass_type.edition, slug="bench-photo", size=1_000_000, needs_photo=True)
    with_photos(pictured, list(crowd(pictured, agencies, range(max(BATCHES)))))
    unprinted = Registration.objects.filter(pass_type=pass_type, badges=None).values_list("pk", "holder_no")
    badges = (Badge(registration_id=pk, holder_no=holder_no) for pk, holder_no in unprinted)  # typed, they need no signature
    Badge.objects.bulk_create(badges, batch_size=AT_ONCE)
    with connection.cursor() as cursor:
        cursor.execute(LETTERS_SENT, [LETTER, STATUS.sent, PRIORITY.medium, MANY])


def with_photos(pass_type: PassType, people: list[int]) -> None:
    """A portrait of each, no two alike, and badges that show them."""
    layout = BadgeLayout.objects.create(edition=pass_type.edition, name="With photo", has_photo=True)
    LayoutOfPass.objects.create(layout=layout, pass_type=pass_type)
    drawn = BytesIO()
    Image.effect_noise(images.PORTRAIT, 12).convert("RGB").save(drawn, "JPEG", quality=60)
    for pk in people:
        name = default_storage.save(f"{PHOTOS}/bench-{pk}.jpg", ContentFile(drawn.getvalue() + str(pk).encode()))
        Accreditation.objects.create(registration_id=pk, photo=name)


def double() -> None:
    copy(PassType.objects.get(slug="bench", edition=Edition.objects.current()), PassType.objects.get(slug="bench-many"))


def morning() -> dict:
    """Who comes on the opening morning, with their badges: those of most were printed the day before, the others drawn."""
    of = make.pass_type(Edition.objects.current(), slug="bench-morning", size=1_000_000)
    agencies, drawn = list(Agency.objects.all()), random.Random(the_morning.SEED)
    coming = Registration.objects.with_names().in_bulk(list(crowd(of, agencies, range(FEW, FEW + the_morning.ARRIVALS))))
    badges = printing.issue(coming.values())
    people = []
    for badge in badges:
        at_desk = drawn.random() < the_morning.AT_DESK
        is_printed = not (at_desk and drawn.random() < the_morning.TO_PRINT)
        row = {"at_desk": at_desk, "is_printed": is_printed, "name": badge.registration.name_latin}
        people.append(row | {"code": badge.registration.code, "badge": str(badge.token)})
    printed = [badge for badge, row in zip(badges, people, strict=True) if row["is_printed"]]
    BadgePrint.objects.bulk_create(BadgePrint(badge=badge) for badge in printed)
    for badge, drawable in keeping.stale(badge for badge, row in zip(badges, people, strict=True) if not row["is_printed"]):
        keeping.draw(badge, drawable)
    gates = [Gate.objects.create(edition=of.edition, name_en=f"Gate {number}") for number in range(the_morning.GATES)]
    return {
        "people": people,
        "desks": [staff("badge desk") for _number in range(the_morning.DESKS)],
        "gates": [{"code": gate.code, "session": staff("gate")} for gate in gates],
    }


def copy(before: PassType, after: PassType) -> None:
    """The same people once more in another edition, with two answers each; by the database, which is quick at it."""
    others = {"edition_id": after.edition_id, "pass_type_id": after.pk}
    columns = [field.column for field in Registration._meta.concrete_fields if field.column not in {"id", "code", *others}]
    names = ", ".join(f'"{name}"' for name in columns)
    statement = (
        f"INSERT INTO registration_registration (edition_id, pass_type_id, code, {names}) "
        f"SELECT %s, %s, lpad(to_hex(id), 10, 'M'), {names} FROM registration_registration WHERE pass_type_id = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*others.values(), before.pk])
    answer_all(after)


def answer_all(pass_type: PassType) -> None:
    with connection.cursor() as cursor:
        for question, value in zip(pass_type.edition.questions.order_by("pk"), WRITTEN, strict=True):
            cursor.execute(ANSWERS, [question.pk, value, pass_type.pk])


def crowd(pass_type: PassType, agencies: list[Agency], numbers: range):
    """People as an import would write them, of whom no two have the same name and address; yields their keys."""
    edition = pass_type.edition
    for start in range(numbers.start, numbers.stop, AT_ONCE):
        some = [a_person(edition, pass_type, agencies, number) for number in numbers[start - numbers.start :][:AT_ONCE]]
        for person in Registration.objects.bulk_create(some):
            yield person.pk
    pass_type.quotas.update(taken=F("taken") + len(numbers))


def a_person(edition, pass_type, agencies, number) -> Registration:
    word = "".join(WORDS[int(digit)] for digit in str(number))
    person = Registration(
        edition=edition,
        pass_type=pass_type,
        name_latin=f"{FAMILIES[number % 10]} {GIVEN[number // 10 % 10]} {word.capitalize()}",
        name_km=RARE_KHMER if number % RARE_EVERY == RARE_EVERY - 1 else KHMER[number % len(KHMER)],
        agency=agencies[number % len(agencies)],
        position="Director of digital services",
        email=f"{pass_type.slug}.{number}@example.org",
    )
    person.set_keys()
    return person


def an_edition(slug) -> PassType:
    """One that asks two questions."""
    edition = cms.edition(slug=slug, is_current=False)
    make.question(edition, "text", label_en="What brings you?")
    make.question(edition, "choice", label_en="How do you come?", choices=("bus", "car"))
    return make.pass_type(edition, slug=slug, size=1_000_000)


def a_delegation(pass_type, number) -> dict:
    """An agency with room for a whole sheet, and the session of its focal point."""
    agency = exhibitors.agency(f"Ministry of Bench {number}")
    delegation = Delegation.objects.create(edition=pass_type.edition, agency=agency)
    Places.objects.create(delegation=delegation, pass_type=pass_type, size=1000)
    return {"agency": agency.code, "session": sign_in(exhibitors.member(agency))}


def staff(role: str) -> str:
    user = accounts.user(email=f"{secrets.token_hex(6)}@example.org")
    user.groups.add(Group.objects.get(name=role))
    return sign_in(user)


def sign_in(user: User) -> str:
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.create()
    return session.session_key


if __name__ == "__main__":
    done = {"make": make_all, "grow": grow, "double": double, "morning": morning}[sys.argv[1]]()
    print(json.dumps(done))
