"""The demonstration: whole, in both languages, made once, and nothing invented about anybody real."""

import datetime
import re
from collections import Counter

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db.models import Count, F, Q
from django.forms.models import model_to_dict
from django.test import override_settings

from agenda.models import Role, Session, Slot, Speaker
from cms.models import Edition
from exhibitors import checking
from exhibitors.models import Agency, Booking, Booth, Hall, MoveSlot, SentDocument, SessionHost, Zone
from forum.home.demonstration import next_edition, staff
from forum.home.models import ContentPage, EditionPage
from forum.mou.models import Memorandum
from forum.registration import duplicates, granting
from forum.registration.models import (
    AccessNeeds,
    Accreditation,
    Answer,
    Consent,
    PassType,
    PersonalInvitation,
    Places,
    PrivacyNotice,
    Question,
    Quota,
    Registration,
    key_of_person,
)

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
KHMER = re.compile("[\u1780-\u17ff]")


@pytest.fixture(scope="module")
def loaded(once):
    with override_settings(DEMO=True):
        once(call_command, "load_demo", verbosity=0)


@pytest.fixture
def demonstration(loaded, db, settings) -> Edition:
    settings.DEMO = True
    return Edition.objects.get(slug="next")


def rows() -> dict[str, int]:
    """How many rows each table holds, the queue of background tasks aside."""
    models = [row for row in apps.get_models(include_auto_created=True) if row._meta.app_label != "django_tasks_database"]
    return {model._meta.label: model._default_manager.count() for model in models}


def missing(queryset, *names) -> list:
    """What is not written in English, or not in Khmer letters."""
    return [
        f"{row.pk}: {name}"
        for row in queryset
        for name in names
        if not getattr(row, f"{name}_en") or not KHMER.search(getattr(row, f"{name}_km"))
    ]


def test_the_forum_is_large_enough_to_show_every_room(demonstration):
    sessions = Session.objects.public(demonstration)

    assert Agency.objects.count() == 122 + 3 + 2 + 34 + 3  # those of the list and others made up; the register adds none
    assert (demonstration.rooms.count(), demonstration.tracks.count(), sessions.count()) == (6, 7, 47)
    assert Slot.objects.public(demonstration).count() == 47
    assert Speaker.objects.public(demonstration).count() == demonstration.speakers.count() == 45
    assert Booth.objects.published(demonstration).count() == 151 + 42
    assert Zone.objects.filter(hall__edition=demonstration).count() == 5 + 2
    assert (
        Registration.objects.of(demonstration).coming().count() == 200 + 2 + 1 + 3 + 1
    )  # who paid, sent a letter, was approved, came by a letter, or by a personal invitation
    assert demonstration.gates.count() == 3
    agreed = Places.objects.filter(granted=0)
    assert list(agreed.values_list("pass_type__slug", "size", "taken")) == [("delegate", 4, 0), ("exhibitor", 10, 6)]
    assert Registration.objects.filter(delegation__edition=demonstration, pass_type__slug="exhibitor").count() == 6


def test_registration_is_open_and_the_first_day_is_a_tuesday(demonstration):
    weeks = (demonstration.opens_on - demonstration.today).days / 7

    assert demonstration.is_registration_open and demonstration.is_current and demonstration.is_demonstration
    assert (demonstration.opens_on.weekday(), (demonstration.closes_on - demonstration.opens_on).days) == (1, 2)
    assert 9 <= weeks <= 13
    assert demonstration.registration_closes_at.date() < demonstration.opens_on


def test_every_day_of_the_year_has_its_tuesday():
    days = [datetime.date(2027, 1, 1) + datetime.timedelta(days=number) for number in range(366)]

    assert {next_edition.first_day(day).weekday() for day in days} == {1}
    assert {(next_edition.first_day(day) - day).days // 7 for day in days} == {10}


def test_everything_is_written_in_both_languages(demonstration):
    assert missing(Edition.objects.all(), "name", "short_name", "theme", "organiser", "venue") == []
    assert missing(demonstration.sessions.all(), "title", "abstract") == []
    assert missing([*demonstration.rooms.all(), *demonstration.tracks.all(), *demonstration.gates.all()], "name") == []
    assert missing(demonstration.speakers.all(), "position", "affiliation", "bio") == []
    assert missing(PassType.objects.filter(edition=demonstration), "name", "description") == []
    assert missing(Zone.objects.filter(hall__edition=demonstration), "name") == []
    for model in (EditionPage, ContentPage):
        english, khmer = (model.objects.live().filter(locale__language_code=code) for code in ("en", "km"))
        assert sorted(page.translation_key for page in english) == sorted(page.translation_key for page in khmer)
        assert all(page.title and page.introduction and page.body for page in english)
        assert all(KHMER.search(page.title) and KHMER.search(page.introduction) and page.body for page in khmer)


def test_pages_of_text_stand_in_the_menu_and_open(demonstration, client):
    slugs = ["about", "practical", "questions", "privacy", "accessibility"]

    assert list(ContentPage.objects.in_menu().filter(locale__language_code="en").values_list("slug", flat=True)) == slugs
    paths = [f"/{code}/next/{slug}/" for code in ("en", "km") for slug in slugs]
    answers = {path: client.get(path).status_code for path in ["/en/2024/", "/km/2024/", "/en/", "/km/", *paths]}
    assert set(answers.values()) == {200}


def test_nobody_is_in_two_sessions_and_no_room_holds_two(demonstration):
    places = [(role.speaker_id, role.session.slot) for role in Role.objects.select_related("session")]
    places += [(slot.room.name_en, slot) for slot in Slot.objects.select_related("room")]
    busy = {}
    for who, slot in places:
        busy.setdefault(who, []).append((slot.starts_at, slot.ends_at))

    clashes = [
        who
        for who, times in busy.items()
        for (_, ends), (starts, _) in zip(sorted(times), sorted(times)[1:], strict=False)
        if starts < ends
    ]
    assert clashes == []


def test_booths_stand_within_the_walls_and_apart(demonstration):
    booths = list(Booth.objects.published(demonstration))
    for booth in booths:
        booth.full_clean()
    overlaps = [
        f"{one} {other}"
        for number, one in enumerate(booths)
        for other in booths[number + 1 :]
        if one.zone.hall == other.zone.hall
        and one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.depth
        and other.y < one.y + one.depth
    ]

    assert overlaps == []


def test_the_floor_has_doors_and_nothing_to_mend(demonstration):
    halls = Hall.objects.filter(edition=demonstration)

    assert [hall.structures.filter(kind__in=["entrance", "exit"]).count() for hall in halls] == [3, 3, 2]
    assert [checking.check(hall) for hall in halls] == [[], [], []]


def test_most_applications_are_accepted_and_all_are_of_made_up_companies(demonstration):
    states = Counter(demonstration.applications.values_list("state", flat=True))

    assert states == {"accepted": 28, "submitted": 4, "waitlisted": 2}
    assert all(row.agency.name_en.startswith("Example ") for row in demonstration.applications.select_related("agency"))
    assert demonstration.call.is_open


def test_most_booths_are_taken_some_held_and_none_twice(demonstration):
    live = Booking.objects.live().filter(booth__edition=demonstration)

    assert (live.count(), Booking.objects.count()) == (90 + 3 + 2, 90 + 3 + 2)
    assert live.filter(state="held").count() == 6
    assert not live.values("booth").annotate(times=Count("id")).filter(times__gt=1).exists()
    assert not live.values("agency").annotate(times=Count("id")).filter(times__gt=1).exists()
    assert not live.filter(state="held", booth__zone__confirms_at_once=True).exists()
    assert [booking.code for booking in live if not booking.booth.zone.welcomes(booking.agency)] == []


def test_quotas_hold_what_registrations_took_and_one_pass_is_full(demonstration):
    has_place = Q(pass_types__registrations__state__in=["confirmed", "held", "applied"])
    taken = Count("pass_types__registrations", filter=has_place)

    assert list(Quota.objects.annotate(people=taken).exclude(people=F("taken"))) == []
    full = [row.slug for row in PassType.objects.on_offer(demonstration) if row.is_full]
    assert full == ["media"]


def test_exhibitors_have_places_by_their_booths_and_sponsors_will_by_their_packages(demonstration):
    passes = list(PassType.objects.with_booths(demonstration))
    assert [(row.slug, row.booth_fitting, row.comes_with_packages) for row in passes] == [
        ("exhibitor", "", True), ("stand-builder", "raw", False),
    ]  # fmt: skip

    granted = Places.objects.filter(granted__gt=0).values_list("pass_type__slug", "delegation__agency", "granted")
    booths = Booking.objects.filter(state="confirmed", booth__edition=demonstration).select_related("booth")
    owed = {(each.slug, row.agency_id, each.places_for(row.booth)) for row in booths for each in passes}
    assert set(granted) == {row for row in owed if row[2]}
    assert {slug for slug, _agency, _number in granted} == {"exhibitor", "stand-builder"}
    assert granting.follow_booths(demonstration) == 0
    assert demonstration.price_list.packages.filter(passes__gt=0).exists()


def test_questions_are_asked_and_answered_and_a_pass_needs_a_code(demonstration):
    asked = Question.objects.asked(demonstration)

    assert [(row.kind, bool(row.shown_after)) for row in asked] == [
        ("choices", False), ("province", False), ("yes-no", False), ("long-text", True),
    ]  # fmt: skip
    asked_people = Registration.objects.filter(guest=None, personal_invitations=None).exclude(pass_type__slug="industry")
    assert Answer.objects.count() == 2 * asked_people.count()
    assert all(answer.written_in("km") != answer.value for answer in Answer.objects.select_related("question")[:20])
    assert [row.slug for row in PassType.objects.on_offer(demonstration) if row.needs_code] == ["speaker"]
    assert AccessNeeds.objects.count() > 10


def test_staff_find_something_of_every_kind_to_do(demonstration):
    notice = PrivacyNotice.objects.in_force(demonstration)
    agreed = Consent.objects.filter(notice=notice).count()
    assert 0 < agreed < Registration.objects.of(demonstration).coming().count()
    assert missing([notice], "summary", "text") == missing(demonstration.further_uses.all(), "label") == []
    assert [
        sorted(circular.recipients.values_list("state", flat=True)) for circular in demonstration.circulars.order_by("pk")
    ] == [["written"] * 3, ["paper"] * 2]
    assert sorted(row.state for row in PersonalInvitation.objects.with_names()) == ["sent", "used"]
    assert duplicates.groups_of(demonstration)[0].likelihood.name == "NEARLY_CERTAIN"
    waiting = Registration.objects.filter(state="applied", awaits="security")
    assert Accreditation.objects.filter(registration__in=waiting).exclude(document_number="").exists()


def test_people_are_kept_as_signing_up_keeps_them(demonstration):
    for person in Registration.objects.all():
        assert person.person_key == key_of_person(person.name_latin, person.email or person.contact_email)
        before = model_to_dict(person), person.search_text, person.sort_key
        person.set_keys()
        assert (model_to_dict(person), person.search_text, person.sort_key) == before
        person.full_clean()


def test_the_archive_holds_public_facts_alone(demonstration):
    archive = Edition.objects.get(slug="2024")

    assert (archive.opens_on, archive.closes_on) == (datetime.date(2024, 3, 11), datetime.date(2024, 3, 13))
    assert not (archive.is_current or archive.is_demonstration or archive.is_registration_open)
    assert Memorandum.objects.filter(edition=archive, is_published=True).count() == 4
    for invented in ("sessions", "speakers", "rooms", "tracks", "halls", "booths", "pass_types", "registrations"):
        assert not getattr(archive, invented).exists(), invented


def test_every_address_is_an_example(demonstration):
    columns = [
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.name != "message_id" and field.get_internal_type() in {"CharField", "TextField", "EmailField", "JSONField"}
    ]
    texts = (str(text) for model, name in columns for text in model._default_manager.values_list(name, flat=True))
    addresses = {address for text in texts for address in ADDRESS.findall(text)}

    assert addresses
    assert {address for address in addresses if not address.endswith("@example.org")} == set()


def test_those_who_sign_in_have_their_role_or_agency(demonstration):
    for row in staff.sign_ins():
        user = authenticate(username=row.email, email=row.email, password=row.password)
        roles = [group.name for group in user.groups.all()]
        members = [(member.agency.name_en, member.may_manage) for member in user.memberships.all()]
        assert (roles, members) == ([row.role] if row.role else [], [(row.agency, True)] if row.agency else [])
        assert EmailAddress.objects.filter(user=user, email=row.email, verified=True, primary=True).exists()
        assert Booking.objects.filter(agency__people=user).exists() == row.email.startswith("booth@")


def test_loading_again_changes_nothing(demonstration):
    before = rows()

    call_command("load_demo", verbosity=0)

    assert rows() == before


def test_loading_goes_on_where_it_was_broken_off(demonstration):
    before = rows()
    demonstration.applications.all().delete()
    demonstration.call.delete()
    demonstration.pavilions.all().delete()
    Booking.objects.all().delete()
    Booth.objects.all().delete()
    demonstration.price_list.delete()
    Zone.objects.all().delete()
    MoveSlot.objects.all().delete()
    demonstration.halls.all().delete()
    demonstration.tours.all().delete()
    demonstration.products.all().delete()
    demonstration.themes.all().delete()
    SentDocument.objects.all().delete()
    demonstration.required_documents.all().delete()
    SessionHost.objects.all().delete()

    call_command("load_demo", verbosity=0)

    assert rows() == before
