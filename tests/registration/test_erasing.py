"""Erasing: nothing names the person afterwards, and the figures stay."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.http import Http404
from django.utils import timezone
from post_office.models import Attachment, Email
from wagtail.log_actions import registry

from forum.badges import printing
from forum.checkin import admission
from forum.checkin.models import Gate, Scan
from forum.registration import answering, editing, erasing, signup
from forum.registration.models import AccessNeeds, Answer, Quota, Registration, own_page
from tests.factories import accounts, cms
from tests.factories import registration as make

pytestmark = pytest.mark.django_db
WORDS = {
    "name_latin": "SECRETNAME Dara", "name_km": "ឈ្មោះសម្ងាត់", "position": "SECRETPOSITION", "agency_name": "SECRETBODY",
    "contact_name": "SECRETCONTACT", "email": "secretaddress@example.org", "phone": "+855 12 777 888",
}  # fmt: skip


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path, "base_url": None}}
    }


@pytest.fixture
def person():
    edition = cms.edition_under_way()
    text, file = make.question(edition), make.question(edition, "file")
    made = make.registration(of=make.pass_type(edition), needs={"diet": "SECRETDIET"}, **WORDS)
    answering.keep(made, {text: "SECRETANSWER", file: ContentFile(b"%PDF-", name="a.pdf")})
    Registration.objects.update(link_sent_at=timezone.now() - signup.LINK_REST * 2)  # the next link is mailed as well
    return editing.edit(
        registration=made, pass_type=made.pass_type, needs={"diet": "SECRETDIET"},
        answers={text: "SECRETANSWER", file: None}, name_latin="SECRETNAME Dara2", email="secretaddress2@example.org",
    )  # fmt: skip


def everything() -> str:
    """All that stands in the database, as one text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found).lower()


def test_nothing_in_the_database_names_the_person_any_more(person, django_capture_on_commit_callbacks):
    links = [own_page.sign(f"{person.code}.{epoch}") for epoch in (1, 2)]
    words = ["secret", "ឈ្មោះ", "12 777 888", *links]
    before = everything()
    assert all(word.lower() in before for word in words)
    files = [Answer.objects.exclude(file="").get().file.name, *Attachment.objects.values_list("file", flat=True)]

    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase(registration=person)

    after = everything()
    assert [word for word in words if word.lower() in after] == []
    assert [name for name in files if default_storage.exists(name)] == []


def test_figures_stay_and_the_place_goes_back(person):
    gate = Gate.objects.create(edition=person.edition, name_en="Main gate")
    (badge,) = printing.issue([person])
    admission.scan(gate=gate, typed=badge.serial)

    erasing.erase(registration=person)

    row = Registration.objects.get()
    assert (row.pass_type, row.state, row.name_latin) == (person.pass_type, "withdrawn", "–")
    assert row.erased_at is not None
    assert (Scan.objects.filter(badge__registration=row).count(), Quota.objects.get().taken) == (1, 0)
    assert (Answer.objects.count(), AccessNeeds.objects.count(), Email.objects.count()) == (0, 0, 0)


def test_the_link_is_dead_and_once_more_changes_nothing(person):
    token = person.token
    erasing.erase(registration=person)
    erased_at = Registration.objects.get().erased_at

    erasing.erase(registration=Registration.objects.with_names().get())

    assert Registration.objects.get().erased_at == erased_at
    with pytest.raises(Http404):
        signup.find_by_token(token)


def test_letters_to_others_stay(person):
    other = make.registration(of=person.pass_type)

    erasing.erase(registration=person)

    assert [letter.to for letter in Email.objects.all()] == [[other.email]]
    assert Attachment.objects.count() == 2


def test_who_erased_stands_in_the_history(person):
    clerk = accounts.user()

    erasing.erase(registration=person, user=clerk)

    entries = registry.get_logs_for_instance(Registration.objects.get()).order_by("pk")
    assert [(entry.action, entry.user) for entry in entries] == [
        ("registration.edit", None),
        ("registration.withdraw", clerk),
        ("registration.erase", clerk),
    ]
