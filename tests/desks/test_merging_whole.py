"""What two registrations of one person were told, told and sent is one person's after merging, and goes when they go."""

import datetime
import json

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.serializers import serialize
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from cms.refusals import code_of
from forum.desks import merging, own_data
from forum.registration import (
    accrediting,
    answering,
    approving,
    circulating,
    consenting,
    counting,
    erasing,
    helping,
    signup,
)
from forum.registration.models import (
    Accreditation,
    Circular,
    Consent,
    Figures,
    Permission,
    PersonalInvitation,
    PlaceLink,
    Recipient,
    Registration,
)
from tests.factories import accounts
from tests.factories import registration as make
from tests.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path, "base_url": None}}
    }


@pytest.fixture
def staff():
    return accounts.user("wagtailadmin.access_admin", "registration.change_registration")


@pytest.fixture
def of():
    """A pass that security clears."""
    return make.pass_type(size=10, needs_security=True)


@pytest.fixture
def two(of):
    people = [make.registration(of, name_latin=name, email=f"{name[-4:].lower()}@example.org") for name in NAMES]
    return fresh(*people)


NAMES = ("SOK Dara", "SOKH Daro")
NUMBERS = ("N0001111", "N0002222")


def fresh(*people) -> list[Registration]:
    return [Registration.objects.with_names().get(pk=person.pk) for person in people]


def merge(keep, other, staff, taken=()):
    return merging.merge(keep=keep, other=other, taken=taken, reason="Same passport", user=staff)


def given(person) -> tuple:
    row = Accreditation.objects.get(pk=person.pk)
    return row.document_number, row.photo.name


def test_the_others_document_and_photo_are_taken_over_where_chosen(two, staff, django_capture_on_commit_callbacks):
    keep, other = two
    with django_capture_on_commit_callbacks(execute=True):
        make.accredit(other, document_number=NUMBERS[1])
        _number, photo = given(other)
        merge(keep, other, staff, ["document", "photo"])

    assert given(keep) == (NUMBERS[1], photo)
    assert default_storage.exists(photo)
    assert not Accreditation.objects.filter(pk=other.pk).exists()


@pytest.mark.parametrize(("taken", "number"), [([], NUMBERS[0]), (["document"], NUMBERS[1])])
def test_what_is_not_taken_over_is_deleted_with_its_file(two, staff, taken, number, django_capture_on_commit_callbacks):
    keep, other = two
    with django_capture_on_commit_callbacks(execute=True):
        for person, theirs in zip(two, NUMBERS, strict=True):
            make.accredit(person, document_number=theirs)
        own, others = (given(person)[1] for person in two)
        merge(keep, other, staff, taken)

    assert given(keep) == (number, own)
    assert [default_storage.exists(name) for name in (own, others)] == [True, False]
    assert Accreditation.objects.count() == 1


def test_the_photo_before_goes_where_the_others_is_taken_over(two, staff, django_capture_on_commit_callbacks):
    keep, other = two
    with django_capture_on_commit_callbacks(execute=True):
        for person, theirs in zip(two, NUMBERS, strict=True):
            make.accredit(person, document_number=theirs)
        own, others = (given(person)[1] for person in two)
        merge(keep, other, staff, ["photo"])

    assert given(keep) == (NUMBERS[0], others)
    assert [default_storage.exists(name) for name in (own, others)] == [False, True]


def test_a_pass_takes_over_no_more_than_it_asks_for(two, staff):
    keep = make.registration(make.pass_type(two[0].edition, slug="press", needs_photo=True))
    make.accredit(two[1])

    merge(keep, two[1], staff, ["document", "photo"])

    number, photo = given(keep)
    assert (number, bool(photo)) == ("", True)


def test_security_looks_again_at_what_it_has_not_seen(two, staff):
    keep, other = two
    for person, number in zip(two, NUMBERS, strict=True):
        make.accredit(person, document_number=number)
    approving.decide(registration=keep, step="security", is_yes=True, reason="", user=staff)
    assert fresh(keep)[0].is_coming

    merge(keep, other, staff, ["document"])

    kept = fresh(keep)[0]
    assert (kept.is_applied, kept.awaits, kept.round) == (True, "security", 2)


def test_the_page_tells_documents_apart_for_those_alone_who_may_see_them(client, two, staff):
    for person, number in zip(two, NUMBERS, strict=True):
        make.accredit(person, document_number=number)
    address = reverse("registration_merge", args=[person.code for person in two])
    sees = accounts.user(
        "wagtailadmin.access_admin", "registration.change_registration", "registration.change_accreditation"
    )

    rows = {}
    for user in (staff, sees):
        client.force_login(user)
        page = Page(client.get(address))
        texts = [[" ".join(cell.text_content().split()) for cell in row] for row in page.all("tbody tr")]
        rows[user] = next(row[1:] for row in texts if row[0] == "Identity document")
        assert not any(number in json.dumps(texts) for number in NUMBERS)

    assert rows[staff] == ["complete", "="]
    assert rows[sees] == [f"Passport, number ends in {number[-4:]}" for number in NUMBERS]


def test_a_pass_that_asks_for_no_clearance_has_no_such_rows(client, staff):
    people = [make.registration(make.pass_type(slug="free"))]
    people.append(make.registration(people[0].pass_type))
    client.force_login(staff)

    page = Page(client.get(reverse("registration_merge", args=[person.code for person in people])))

    assert not {"Identity document", "Photo"} & {row[0].text_content().strip() for row in page.all("tbody tr")}


def test_figures_go_over_where_none_were_told_and_count_once(two, staff):
    keep, other = two
    counting.tell(registration=other, sex="F")

    merge(keep, other, staff)

    assert list(Figures.objects.values_list("registration", "sex")) == [(keep.pk, "F")]


def test_own_figures_stand(two, staff):
    keep, other = two
    counting.tell(registration=keep, province="KH-12")
    counting.tell(registration=other, sex="F")

    merge(keep, other, staff)

    assert list(Figures.objects.values_list("registration", "sex", "province")) == [(keep.pk, "", "KH-12")]


def test_what_the_other_agreed_to_counts_also_under_its_name(two, staff):
    keep, other = two
    notice = make.notice(keep.edition)
    consenting.keep(other, notice)
    consenting.keep(keep, notice)

    merge(keep, other, staff, ["name_latin"])

    kept = fresh(keep)[0]
    assert kept.holder_no == 2
    assert [row.notice for row in Consent.objects.of(kept)] == [notice]
    assert not consenting.is_due(kept, notice, consenting.latest(kept))


def test_what_was_agreed_by_who_held_the_others_place_before_counts_for_nobody(two, staff):
    keep, other = two
    consenting.keep(other, make.notice(keep.edition))
    Registration.objects.filter(pk=other.pk).update(holder_no=2)

    merge(keep, other, staff)

    assert not Consent.objects.of(keep).exists()


@pytest.mark.parametrize(
    ("own", "others", "allowed"),
    [([], ["yes"], True), (["yes"], ["yes"], True), (["yes"], ["yes", "no"], False), (["yes", "no"], ["yes"], True)],
)
def test_of_a_further_use_the_last_word_counts_wherever_it_was_said(two, staff, own, others, allowed):
    keep, other = two
    use = make.further_use(keep.edition)
    for person, words in ((keep, own), (other, others)):
        for word in words:
            consenting.allow(registration=person, uses=[use] if word == "yes" else [])

    merge(keep, other, staff)

    assert [row.is_allowed for row in consenting.allowed_uses(fresh(keep)[0])] == [allowed]
    assert Permission.objects.filter(taken_back_at=None).count() == allowed
    consenting.allow(registration=keep, uses=[])
    assert not Permission.objects.filter(taken_back_at=None).exists()


def circular(*people, user) -> Circular:
    texts = {"subject_en": "News", "subject_km": "ដំណឹង", "body_en": "Hello {name}", "body_km": "ជម្រាបសួរ {name}"}
    chosen = Registration.objects.filter(pk__in=[person.pk for person in people])
    return circulating.write(edition=people[0].edition, people=chosen, chosen_by="x", to_contacts=True, user=user, **texts)


def letters() -> list[str]:
    return sorted(letter.to[0] for letter in Email.objects.filter(subject="News"))


@pytest.mark.parametrize("to", [[0, 1], [0], [1]])
def test_a_circular_that_is_due_reaches_the_person_once(two, staff, to):
    circular(*(two[place] for place in to), user=staff)

    merge(*two, staff)
    circulating.send_some()

    assert letters() == ["dara@example.org"]


def test_who_was_written_as_the_other_is_not_written_again(two, staff):
    keep, other = two
    circular(keep, other, user=staff)
    Recipient.objects.filter(registration=keep).update(state="paper")
    circulating.send_some()
    Recipient.objects.filter(registration=keep).update(state="due")

    merge(keep, other, staff)
    circulating.send_some()

    assert letters() == ["daro@example.org"]


def test_who_stays_without_an_address_gets_what_is_due_on_paper(two, staff):
    keep = make.registration(two[0].pass_type, name_latin="SOK Dara", email="", user=staff)
    circular(two[1], user=staff)

    merge(keep, two[1], staff)
    circulating.send_some()

    assert (letters(), Recipient.objects.get().registration, Recipient.objects.get().state) == ([], keep, "paper")


def test_a_circular_to_all_leaves_out_who_was_merged(two, staff):
    merge(*two, staff)

    circular(*two, user=staff)

    assert [row.registration for row in Recipient.objects.all()] == [two[0]]


def test_invitation_place_link_and_the_word_that_they_come_go_over(two, staff):
    keep, other = two
    delegation = make.delegation(delegate=1)
    link = PlaceLink.objects.create(
        delegation=delegation, pass_type=keep.pass_type, used_at=timezone.now(), registration=other, note="For SOKH Daro"
    )
    invitation = make.personal_invitation(keep.pass_type, name_latin=NAMES[1], email="invited@example.org")
    PersonalInvitation.objects.filter(pk=invitation.pk).update(used_at=timezone.now(), registration=other)
    Registration.objects.filter(pk=other.pk).update(coming="yes")

    merge(keep, other, staff)

    kept = fresh(keep)[0]
    assert (kept.coming, kept.place_links.get(), kept.personal_invitations.get()) == ("yes", link, invitation)
    assert own_data.gather(kept)["personal_invitations"][0]["name_latin"] == NAMES[1]


@pytest.fixture
def full(two, staff):
    """Both with all that may be kept of a person."""
    use = make.further_use(two[0].edition)
    question = make.question(two[0].edition, "file")
    for number, person in enumerate(two):
        fill(person, number, question, use)
    circular(*two, user=staff)
    circulating.send_some()
    return fresh(*two)


def fill(person, number, question, use):
    make.accredit(person, document_number=NUMBERS[number])
    answering.keep(person, {question: ContentFile(b"%PDF-", name="a.pdf")})
    helping.tell(person, {"diet": "secret diet"})
    counting.tell(registration=person, sex="F")
    consenting.allow(registration=person, uses=[use])
    if number:
        invitation = make.personal_invitation(person.pass_type, name_latin=NAMES[number], email=person.email)
        PersonalInvitation.objects.filter(pk=invitation.pk).update(used_at=timezone.now(), registration=person)


SECRETS = [*NAMES, *NUMBERS, "dara@", "daro@", "secret diet", "1980-05-17"]


def traces() -> list[str]:
    """Which secrets stand anywhere in what this room keeps, and in the mail."""
    rows = [row for model in apps.get_app_config("registration").get_models() for row in model.objects.all()]
    kept = serialize("json", [*rows, *Email.objects.all()]).casefold()
    return [secret for secret in SECRETS if secret.casefold() in kept]


def photos() -> list[str]:
    return default_storage.listdir("accreditation")[1]


@pytest.mark.parametrize("erased", [0, 1])
@pytest.mark.parametrize("taken", [[], ["document"], ["document", "photo", "needs", "name_latin", "contact"]])
def test_erasing_either_after_merging_leaves_nothing_of_both(full, staff, erased, taken, django_capture_on_commit_callbacks):
    keep, other = full
    assert traces() == SECRETS
    with django_capture_on_commit_callbacks(execute=True):
        merge(keep, other, staff, taken)

    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase(registration=full[erased])

    assert traces() == []
    assert photos() == []
    assert all(row.erased_at and not row.is_live for row in fresh(*full))


def test_erasing_one_of_three_that_were_merged_one_after_the_other(full, of, staff):
    third = make.registration(of, name_latin="SOK Darra", email="dara@example.org")
    merge(*full, staff)
    merge(third, full[0], staff)

    erasing.erase(registration=full[1])

    assert [row.name_latin for row in fresh(*full, third)] == ["–", "–", "–"]


@pytest.mark.parametrize("erased", [0, 1])
@pytest.mark.parametrize("is_over", [False, True])
def test_who_was_erased_is_not_merged(full, staff, erased, is_over):
    if is_over:  # whose place stays, for the figures
        today = timezone.localdate()
        edition = full[0].edition
        edition.opens_on, edition.closes_on = today - datetime.timedelta(days=3), today - datetime.timedelta(days=2)
        edition.save()
    erasing.erase(registration=fresh(full[erased])[0])

    with pytest.raises(ValidationError) as refusal:
        merge(*full, staff)

    assert code_of(refusal.value) == "withdrawn"


def test_all_of_both_is_taken_along(full, staff):
    keep, other = full
    merge(keep, other, staff, ["document", "photo"])

    data = own_data.gather(fresh(keep)[0])

    assert data["accreditation"]["document_number"] == NUMBERS[1]
    assert data["accreditation"]["photo_base64"]
    assert (data["voluntary_figures"]["sex"], len(data["circulars"]), len(data["further_uses"])) == ("F", 1, 1)
    assert [row["name_latin"] for row in data["personal_invitations"]] == [NAMES[1]]
    assert [(row["name_latin"], len(row["circulars"]), row["accreditation"]) for row in data["merged"]] == [
        (NAMES[1], 1, None)
    ]
    assert accrediting.of(keep).pk == keep.pk
    assert signup.find_by_token(other.token) == keep
