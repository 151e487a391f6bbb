"""Who was let in by a gate gets a certificate of those days; what it says can be checked, and changes with the facts."""

import datetime
import re
import shutil
import subprocess

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from wagtail.log_actions import registry

from forum.badges import printing
from forum.certificates import certifying
from forum.certificates.models import Certificate
from forum.checkin.models import Gate, Scan
from forum.documents import issuing
from forum.documents.models import IssuedDocument
from forum.registration import erasing
from forum.registration.models import Registration
from tests.factories import accounts, agenda, cms
from tests.factories import registration as make

pytestmark = pytest.mark.django_db
FIRST = datetime.date(2024, 3, 11)


@pytest.fixture
def person():
    edition = cms.edition(
        opens_on=FIRST, closes_on=FIRST + datetime.timedelta(days=2), name_en="Forum 2024", name_km="វេទិកា ២០២៤"
    )
    row = make.registration(make.pass_type(edition), name_latin="SOK Dara", name_km="សុខ ដារ៉ា", honorific="mr")
    return Registration.objects.with_names().get(pk=row.pk)


def admit(person, day, **fields):
    (badge,) = printing.issue([person])
    gate, _new = Gate.objects.get_or_create(edition=person.edition, name_en="Main gate")
    return Scan.objects.create(gate=gate, badge=badge, day=day, **fields)


def middle(document, line: str) -> float:
    """Where the middle of a line is across the page, in points."""
    read = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=document.read(), capture_output=True, check=True)
    left, right = re.search(
        rf'xMin="([^"]+)" yMin="[^"]+" xMax="([^"]+)" yMax="[^"]+">{line}<', read.stdout.decode()
    ).groups()
    return (float(left) + float(right)) / 2


def words(document) -> str:
    read = subprocess.run(["pdftotext", "-", "-"], input=document.read(), capture_output=True, check=True)
    return " ".join(read.stdout.decode().replace("\u200b", "").replace("\u00a0", " ").split())


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils are not installed")
def test_a_certificate_says_in_both_languages_who_was_there_and_when(person):
    for day in ("2024-03-11", "2024-03-12"):
        admit(person, day)

    document = certifying.certify(registration=person)
    said = words(document)
    for part in ("Certificate of attendance", "Mr SOK Dara", "Forum 2024", "11–12 March 2024", "សុខ ដារ៉ា", "ថ្ងៃទី១១–១២ ខែមីនា",
                 document.written_code):  # fmt: skip
        assert part in said
    assert (document.kind, document.holder_en, document.state) == ("certificate", "Mr SOK Dara", "current")


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils are not installed")
def test_the_nation_stands_above_the_words_of_its_language(person):
    admit(person, "2024-03-11")
    document = certifying.certify(registration=person)

    below = middle(document, "Certificate of attendance")
    assert middle(document, "KINGDOM OF CAMBODIA") == pytest.approx(below, abs=2)


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils are not installed")
def test_the_theme_is_quoted_as_each_language_quotes(person):
    person.edition.theme_en, person.edition.theme_km = "Services for everyone", "សេវាសម្រាប់ទាំងអស់គ្នា"
    person.edition.save()
    admit(person, "2024-03-11")

    said = words(certifying.certify(registration=person))

    assert "“Services for everyone”" in said and "«សេវាសម្រាប់ទាំងអស់គ្នា»" in said


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils are not installed")
@pytest.mark.parametrize(
    ("ways", "said"), [("both", "Sessions attended: 2, 1:05 hours in all"), ("in", "Sessions attended: 2")]
)
def test_it_says_how_many_sessions_the_doors_of_rooms_saw_and_how_long_where_they_saw_people_leave(person, ways, said):
    edition, nine = person.edition, agenda.moment(person.edition)
    room = agenda.room(edition=edition)
    door = Gate.objects.create(edition=edition, name_en="Door", room=room, passage="free", ways=ways)
    (badge,) = printing.issue([person])
    for number, minutes in enumerate((45, 20)):
        begins = nine + number * datetime.timedelta(hours=2)
        held = {"gate": door, "badge": badge, "day": FIRST, "session": agenda.session(edition, at=begins, room=room)}
        Scan.objects.create(**held, scanned_at=begins)
        if ways == "both":
            Scan.objects.create(**held, way="out", scanned_at=begins + datetime.timedelta(minutes=minutes))

    document = certifying.certify(registration=person)

    assert said in words(document)
    assert ("១:០៥ ម៉ោង" in words(document)) == (ways == "both")
    assert certifying.certify(registration=person) == document


def test_days_apart_are_counted_once_each_and_refused_or_outgoing_scans_not(person):
    admit(person, "2024-03-13")
    admit(person, "2024-03-11")
    admit(person, "2024-03-11")
    admit(person, "2024-03-12", refusal="again")
    admit(person, "2024-03-12", way="out")

    assert [day.day for day in certifying.days_of(person)] == [11, 13]


def test_asking_again_gives_the_same_paper_and_another_day_a_new_one(person):
    admit(person, "2024-03-11")
    first = certifying.certify(registration=person)
    assert certifying.certify(registration=person) == first

    admit(person, "2024-03-12")
    second = certifying.certify(registration=person)
    assert second != first
    assert IssuedDocument.objects.get(pk=first.pk).replaced_by == second
    assert Certificate.objects.get().document == second


def test_who_was_let_in_nowhere_is_certified_nothing(person):
    admit(person, "2024-03-11", refusal="zone")

    with pytest.raises(ValidationError) as refusal:
        certifying.certify(registration=person)
    assert refusal.value.code == "absent"
    assert not IssuedDocument.objects.exists()


def test_who_takes_over_a_place_is_not_certified_what_the_one_before_saw(person):
    admit(person, "2024-03-11")
    certifying.certify(registration=person)
    Registration.objects.filter(pk=person.pk).update(holder_no=2, name_latin="KEO Bopha")
    person.refresh_from_db()
    assert certifying.days_of(person) == []

    admit(person, "2024-03-12")
    certifying.certify(registration=person)
    assert Certificate.objects.count() == 2


def test_what_was_seen_of_a_merged_registration_counts(person):
    other = make.registration(person.pass_type)
    admit(other, "2024-03-12")
    Registration.objects.filter(pk=other.pk).update(merged_into=person, state="withdrawn", merged_epoch=person.epoch)

    assert [day.day for day in certifying.days_of(person)] == [12]


def test_a_nameless_person_gets_none_and_earlier_ones_lose_name_and_bytes(person, django_capture_on_commit_callbacks):
    admit(person, "2024-03-11")
    first = certifying.certify(registration=person)
    admit(person, "2024-03-12")
    certifying.certify(registration=person)
    erasing.erase(registration=person)

    with pytest.raises(ValidationError) as refusal:
        certifying.certify(registration=Registration.objects.with_names().get(pk=person.pk))
    assert refusal.value.code == "nobody"
    with django_capture_on_commit_callbacks(execute=True):
        call_command("purge_personal_data")
    assert {(each.holder, bool(each.file)) for each in IssuedDocument.objects.all()} == {("", False)}
    assert not first.file.storage.exists(first.file.name)
    assert certifying.forget_some() == 0


def test_two_who_ask_at_once_get_the_same_certificate(person):
    admit(person, "2024-03-11")
    first = certifying.certify(registration=person)
    holder = {"registration": person, "holder_no": person.holder_no}
    late = issuing.issue(
        edition=person.edition, kind="certificate", holder=("", ""), says="the same", draw=lambda link: b"%PDF"
    )

    assert certifying._keep(holder, late) == first
    assert IssuedDocument.objects.count() == 1


def test_the_own_page_offers_it_to_who_was_there_alone(client, person):
    page = f"/en/registration/{person.token}/"
    assert "certificate.pdf" not in client.get(page).content.decode()
    assert client.get(f"{page}certificate.pdf")["Location"] == page

    admit(person, "2024-03-11")
    assert f"{page}certificate.pdf" in client.get(page).content.decode()
    assert client.get(f"{page}certificate.pdf").content.startswith(b"%PDF")


def test_staff_take_it_out_and_the_history_says_so(client, person):
    client.force_login(accounts.user("wagtailadmin.access_admin", "registration.change_registration"))
    address = f"/cms/registrations/{person.pk}/certificate.pdf"
    assert client.get(address).status_code == 302  # to the list, which says why

    admit(person, "2024-03-11")
    assert client.get(address).content.startswith(b"%PDF")
    entry = registry.get_logs_for_instance(person).get(action="certificates.take_out")
    assert entry.data["document"] == Certificate.objects.get().document.code


def test_who_may_not_change_people_takes_no_certificate_out(client, person):
    admit(person, "2024-03-11")
    client.force_login(accounts.user("wagtailadmin.access_admin", "checkin.add_scan"))

    assert client.get(f"/cms/registrations/{person.pk}/certificate.pdf")["Location"] == "/cms/"
    assert not IssuedDocument.objects.exists()
