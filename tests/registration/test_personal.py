"""Personal invitations: one person, one pass, one use; and what becomes of them."""

import datetime
import shutil
import subprocess
import zoneinfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email
from wagtail.models import ModelLogEntry

from cms.models import Edition
from cms.refusals import code_of
from forum.accounts import roles
from forum.desks import own_data
from forum.registration import erasing, personal_emails, personal_inviting, purging, registering, signup
from forum.registration.models import AccessCode, PersonalInvitation, Quota, Registration
from tests.factories import accounts, cms, exhibitors
from tests.factories import registration as make
from tests.pages import Page

pytestmark = pytest.mark.django_db
LIST = "wagtailsnippets_registration_personalinvitation:list"
TYPED = {"pass_type": "guest", "name_latin": "SOK Dara", "email": "dara@example.org"}


@pytest.fixture
def invitation():
    return make.personal_invitation(name_latin="SOK Dara", name_km="សុខ ដារ៉ា", email="dara@example.org")


def address(invitation, language="en"):
    return f"/{language}/invitation/personal/{invitation.token}/"


def fresh(invitation):
    return PersonalInvitation.objects.with_names().get(pk=invitation.pk)


def refused(act, **arguments):
    with pytest.raises(ValidationError) as refusal:
        act(**arguments)
    return code_of(refusal.value)


def use(invitation, **typed):
    person = {"name_latin": "SOK Dara", "email": "dara@example.org"} | typed
    return personal_inviting.use(invitation=fresh(invitation), **person)


def counts():
    return Registration.objects.live().count(), Quota.objects.get().taken, AccessCode.objects.get().taken


def end_time(invitation):
    AccessCode.objects.filter(pk=invitation.access_code_id).update(valid_until=timezone.now())


# The letter


@pytest.mark.parametrize(("language", "words"), [("en", "You are invited to"), ("km", "សូមគោរពអញ្ជើញលោកអ្នកចូលរួម")])
def test_it_is_mailed_in_the_language_of_the_person(language, words):
    made = make.personal_invitation(language=language)

    letter = Email.objects.get()
    assert letter.to == [made.email]
    assert words in letter.message and made.short_code in letter.message
    assert address(made, language) in letter.message and address(made, language) in letter.html_message


def test_who_has_no_address_is_written_to_by_nobody_and_gets_a_page():
    made = make.personal_invitation(email="", name_km="សុខ ដារ៉ា")

    assert (Email.objects.count(), made.state) == (0, "made")
    assert personal_emails.print_page(fresh(made)).startswith(b"%PDF-")
    assert address(made) in personal_emails.link_of(made)


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils are not installed")
def test_the_page_says_by_whose_clock_one_registers():
    until = timezone.now() + datetime.timedelta(days=5)
    of = make.pass_type(cms.edition(time_zone="Asia/Tokyo"), access="invitation")

    page = personal_emails.print_page(fresh(make.personal_invitation(of, email="", valid_until=until)))

    read = subprocess.run(["pdftotext", "-", "-"], input=page, capture_output=True, check=True)
    said = " ".join(read.stdout.decode().replace("\u200b", "").split())
    assert f"{until.astimezone(zoneinfo.ZoneInfo('Asia/Tokyo')):%H:%M} (Tokyo)" in said and "(តូក្យូ)" in said


def test_a_time_that_is_past_and_a_forum_that_is_over_are_refused(invitation):
    past = timezone.now() - datetime.timedelta(minutes=1)
    today = timezone.localdate() - datetime.timedelta(days=9)
    over = make.pass_type(cms.edition(slug="past", opens_on=today, closes_on=today))

    assert refused(make.personal_invitation, of=invitation.pass_type, valid_until=past) == "past"
    assert refused(make.personal_invitation, of=over) == "over"
    again = {"invitation": invitation, "email": "dara@example.org", "user": None}
    assert refused(personal_inviting.send_again, valid_until=past, **again) == "past"
    assert PersonalInvitation.objects.count() == AccessCode.objects.count() == 1


def test_sent_again_it_keeps_its_link_and_to_another_address_it_gets_a_new_one(client, invitation):
    until = timezone.now() + datetime.timedelta(days=20)
    for email, status in (("dara@example.org", 200), ("office@example.org", 404)):
        personal_inviting.send_again(invitation=invitation, email=email, valid_until=until, user=None)
        assert client.get(address(invitation)).status_code == status

    row = fresh(invitation)
    assert client.get(address(row)).status_code == 200
    assert (row.email, row.access_code.valid_until) == ("office@example.org", until)
    assert [letter.to[0] for letter in Email.objects.order_by("pk")] == [*["dara@example.org"] * 2, "office@example.org"]
    assert PersonalInvitation.objects.matching("office").exists()


def test_one_whose_time_is_over_opens_again_when_it_is_sent_with_more_time(client, invitation):
    end_time(invitation)
    assert fresh(invitation).state == "expired"
    page = client.get(address(invitation))
    assert (page.status_code, "Its time is over." in page.content.decode()) == (410, True)
    assert refused(use, invitation=invitation) == "closed"

    until = timezone.now() + datetime.timedelta(days=2)
    personal_inviting.send_again(invitation=invitation, email=invitation.email, valid_until=until, user=None)

    assert client.get(address(invitation)).status_code == 200


# The form


@pytest.mark.parametrize(("price", "is_named"), [(0, False), (15_000, True)])
def test_what_a_pass_costs_is_said_before_anybody_registers(client, price, is_named):
    of = make.pass_type(slug="guest", access="invitation", price=price)
    made = make.personal_invitation(of, email="dara@example.org")

    letter, page = Email.objects.get(), Page(client.get(address(made))).words("main")[0]

    written = [text.replace("\xa0", " ") for text in (letter.message, letter.html_message, page)]
    assert [("This pass costs USD 150.00" in text) for text in written] == [is_named] * 3


def test_the_form_is_filled_with_what_is_known_and_offers_that_pass_alone(client):
    agency = exhibitors.agency("Ministry of Examples")
    made = make.personal_invitation(name_latin="SOK Dara", name_km="សុខ ដារ៉ា", position="Director", agency=agency)
    make.pass_type(made.edition, slug="other", name_en="Another pass")

    page = Page(client.get(address(made)))

    known = {
        name: page.all(f"input[name={name}]")[0].get("value") for name in ("name_latin", "name_km", "position", "email")
    }
    assert known == {"name_latin": "SOK Dara", "name_km": "សុខ ដារ៉ា", "position": "Director", "email": made.email}
    assert page.all("input[name=agency_name]")[0].get("value") == "Ministry of Examples"
    (offered,) = page.all("input[name=pass_type]")
    assert (offered.get("type"), offered.get("value")) == ("hidden", "guest")
    assert not page.all("input[name=code]")
    assert "Another pass" not in " ".join(page.words("main"))


def test_opening_it_is_noted_once_and_uses_nothing_up(client, invitation):
    client.head(address(invitation))
    assert fresh(invitation).state == "sent"
    client.get(address(invitation))
    first = fresh(invitation).opened_at
    client.get(address(invitation))

    assert (fresh(invitation).opened_at, fresh(invitation).state) == (first, "opened")
    assert counts() == (0, 0, 0)


def test_who_sends_the_form_is_registered_and_the_link_is_dead(client, invitation):
    response = client.post(address(invitation), TYPED | {"agency_name": "A bureau", "diet": "none"})

    assert (response.status_code, response.url) == (302, "/en/next/register/sent/")
    person = Registration.objects.get()
    assert (person.pass_type, person.agency_name, person.needs.diet) == (invitation.pass_type, "A bureau", "none")
    row = fresh(invitation)
    assert (row.state, row.registration) == ("used", person)
    for again in (client.get(address(invitation)), client.post(address(invitation), TYPED | {"name_latin": "CHAN Bopha"})):
        assert (again.status_code, "registered by it already" in again.content.decode()) == (410, True)
        assert "no-store" in again["Cache-Control"]
    assert counts() == (1, 1, 1)
    assert ModelLogEntry.objects.filter(action="registration.use_invitation").count() == 1


def test_of_two_who_read_it_as_open_one_is_registered(invitation):
    before = fresh(invitation)
    use(invitation)

    assert refused(personal_inviting.use, invitation=before, name_latin="CHAN Bopha", email="b@example.org") == "closed"
    assert counts() == (1, 1, 1)


def test_who_withdraws_frees_the_place_and_the_invitation_stays_used(invitation):
    signup.withdraw(registration=use(invitation))

    assert (counts(), fresh(invitation).state) == ((0, 0, 0), "used")
    assert refused(use, invitation=invitation) == "closed"


def test_without_an_address_the_own_page_opens_and_a_namesake_is_somebody_else(client):
    for _person in range(2):
        pass_type = (Quota.objects.exists() and PersonalInvitation.objects.get().pass_type) or None
        made = make.personal_invitation(pass_type, email="", name_latin="SOK Dara")
        response = client.post(address(made), TYPED | {"email": ""})
        assert response.url == reverse("registration:own", args=[fresh(made).registration.token])

    assert sorted(Registration.objects.values_list("namesake_no", flat=True)) == [1, 2]


def test_a_namesake_of_the_same_moment_is_asked_to_send_again(monkeypatch):
    made = make.personal_invitation(email="")
    use(made, email="")
    other = make.personal_invitation(made.pass_type, email="")
    monkeypatch.setattr(registering, "next_namesake", lambda *_arguments: 1)

    assert refused(use, invitation=other, email="") == "again"
    assert fresh(other).is_open


def test_an_address_is_asked_of_who_was_written_to(client, invitation):
    response = client.post(address(invitation), TYPED | {"email": ""})

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["email"])
    assert fresh(invitation).is_open


def test_who_is_registered_already_is_answered_alike_and_the_invitation_stays(client, invitation):
    registered = make.registration(make.pass_type(invitation.edition), name_latin="SOK Dara", email="dara@example.org")

    assert client.post(address(invitation), TYPED).url == "/en/next/register/sent/"
    assert list(Registration.objects.all()) == [registered]
    assert (fresh(invitation).is_open, fresh(invitation).used_at) == (True, None)


def test_where_the_pass_is_full_it_stays_open(client, invitation):
    Quota.objects.update(size=0)

    response = client.post(address(invitation), TYPED)

    assert (response.status_code, fresh(invitation).used_at) == (422, None)
    assert counts() == (0, 0, 0)


def test_before_and_after_the_time_of_registration_nobody_registers_by_it(client, invitation):
    Edition.objects.update(registration_closes_at=timezone.now())

    assert client.post(address(invitation), TYPED).status_code == 409
    assert refused(use, invitation=invitation) == "closed"
    assert fresh(invitation).is_open


def test_the_privacy_notice_is_agreed_to_here_too(client, invitation):
    make.notice(invitation.edition)

    response = client.post(address(invitation), TYPED | {"version": "1"})

    assert list(response.context["form"].errors) == ["agrees"]
    assert fresh(invitation).is_open


def test_a_forged_link_is_not_found(client, invitation):
    text, signature = invitation.token.split("~")

    for token in (text, f"{text}~{signature[:-1]}", f"AAAAAAAAAA.1~{signature}"):
        assert client.get(f"/en/invitation/personal/{token}/").status_code == 404


def test_its_code_is_typed_by_nobody_and_changed_by_nobody(client, invitation):
    of = invitation.pass_type
    of.access = "code"
    of.save()
    person = {"name_latin": "CHAN Bopha", "email": "b@example.org", "code": invitation.access_code.code}

    assert refused(signup.register, edition=of.edition, pass_type=of, **person) == "code_unknown"
    client.force_login(accounts.user(is_superuser=True))
    assert (
        invitation.access_code.code
        not in client.get(reverse("wagtailsnippets_registration_accesscode:list")).content.decode()
    )


# Revoking


def test_a_revoked_one_opens_nothing_and_once_more_changes_nothing(client, invitation):
    for _time in range(2):
        personal_inviting.revoke(invitation=invitation, user=None)

    page = client.get(address(invitation))
    assert (page.status_code, "have revoked it" in page.content.decode()) == (410, True)
    assert refused(use, invitation=invitation) == "closed"
    assert ModelLogEntry.objects.filter(action="registration.revoke_invitation").count() == 1


def test_one_that_was_used_is_not_revoked_and_not_sent_again(invitation):
    use(invitation)

    assert refused(personal_inviting.revoke, invitation=invitation, user=None) == "used"
    until = timezone.now() + datetime.timedelta(days=1)
    again = {"invitation": invitation, "email": "x@example.org", "valid_until": until, "user": None}
    assert refused(personal_inviting.send_again, **again) == "closed"
    assert (fresh(invitation).revoked_at, fresh(invitation).email) == (None, "dara@example.org")


def test_the_database_itself_knows_none_both_used_and_revoked(invitation):
    use(invitation)

    with pytest.raises(IntegrityError), transaction.atomic():
        PersonalInvitation.objects.update(revoked_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonalInvitation.objects.update(used_at=None)


# What is kept


def test_the_person_takes_along_what_was_written_of_them_and_nothing_of_another(invitation):
    person = use(invitation)
    (told,) = own_data.gather(Registration.objects.with_names().get(pk=person.pk))["personal_invitations"]
    assert (told["name_km"], told["email"], told["used_at"]) == ("សុខ ដារ៉ា", "dara@example.org", fresh(invitation).used_at)

    other = make.personal_invitation(invitation.pass_type, name_latin="KEO Vanna", email="keo@example.org")
    person = use(other, name_latin="CHAN Bopha", email="b@example.org")
    (told,) = own_data.gather(Registration.objects.with_names().get(pk=person.pk))["personal_invitations"]
    assert "KEO" not in str(told) and "keo@" not in str(told)


def test_erasing_a_person_erases_their_invitations_used_or_not(invitation):
    spare = make.personal_invitation(invitation.pass_type, name_latin="Dara SOK", email="dara@example.org")
    other = make.personal_invitation(invitation.pass_type, name_latin="KEO Vanna", email="dara@example.org")

    erasing.erase(registration=use(invitation))

    for row in (fresh(invitation), fresh(spare)):
        assert (row.name_latin, row.name_km, row.email, row.is_open) == ("–", "", "", False)
        assert row.search_text.split() == ["-", row.code.lower()]
    assert fresh(other).name_latin == "KEO Vanna"
    assert {letter.message.count(other.short_code) for letter in Email.objects.all()} == {1}


def test_one_erased_opens_nothing_and_once_more_changes_nothing(client, invitation):
    for _time in range(2):
        erasing.erase_invitation(invitation=invitation)

    assert client.get(address(invitation)).status_code == 404
    assert ModelLogEntry.objects.filter(action="registration.erase").count() == 1


def test_names_of_people_invited_go_when_their_time_is_over(invitation):
    today = timezone.localdate()
    Edition.objects.update(opens_on=today, closes_on=today, people_kept_days=0)
    assert "names and addresses of people invited" not in str(list(purging.due()))
    before = today - datetime.timedelta(days=2)
    Edition.objects.update(opens_on=before, closes_on=before)

    for due in purging.due():
        if "people invited" in due.what:
            due.purge()

    assert fresh(invitation).name_latin == "–"


# The back office


@pytest.fixture
def staff(client):
    roles.make()

    def come_in(role):
        user = accounts.user()
        user.groups.add(roles.Group.objects.get(name=role))
        client.force_login(user)
        return client

    return come_in


@pytest.mark.parametrize("role", ["organiser", "accreditation"])
def test_staff_invite_send_again_revoke_and_see_the_states(staff, role):
    client = staff(role)
    of = make.pass_type(slug="guest", access="invitation")
    until = (timezone.localtime() + datetime.timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")
    typed = {"pass_type": of.pk, "name_latin": "SOK Dara", "name_km": "សុខ ដារ៉ា", "honorific": "mr", "language": "km",
             "email": "dara@example.org", "valid_until": until}  # fmt: skip

    assert client.post(reverse("registration_personal_invite"), typed).status_code == 302
    made = PersonalInvitation.objects.get()
    assert (made.state, made.language, made.pass_type) == ("sent", "km", of)
    assert client.post(
        reverse("registration_personal_send", args=[made.pk]), {"email": "d@example.org", "valid_until": until}
    ).url == reverse(LIST)
    assert client.get(reverse("registration_personal_letter", args=[made.pk]))["Content-Type"] == "application/pdf"
    client.post(reverse("registration_personal_revoke", args=[made.pk]))

    assert (fresh(made).state, fresh(made).email) == ("revoked", "d@example.org")
    assert "Revoked" in client.get(reverse(LIST)).content.decode()
    assert client.get(reverse("registration_personal_letter", args=[made.pk])).status_code == 404
    acts = ModelLogEntry.objects.filter(action__contains="_invitation").order_by("pk").values_list("action", flat=True)
    assert list(acts) == [f"registration.{act}_invitation" for act in ("make", "send", "print", "revoke")]


def test_what_is_mistyped_is_said_beside_its_field(staff):
    answer = staff("organiser").post(reverse("registration_personal_invite"), {"name_latin": "សុខ", "email": "x"})

    assert set(answer.context["form"].errors) == {"pass_type", "name_latin", "email", "language", "valid_until"}


def test_each_state_is_found_by_its_filter(client, staff):
    made = make.personal_invitation(email="")
    rows = {state: make.personal_invitation(made.pass_type) for state in ("sent", "opened", "used", "revoked", "expired")}
    client.get(address(rows["opened"]))
    person = use(rows["used"])
    personal_inviting.revoke(invitation=rows["revoked"], user=None)
    end_time(rows["expired"])
    staff("organiser")

    for state, row in {"made": made, **rows}.items():
        assert list(client.get(reverse(LIST), {"state": state}).context["object_list"]) == [row]
        assert fresh(row).state == state
    page = client.get(reverse(LIST), {"state": "used"}).content.decode()
    assert reverse("wagtailsnippets_registration_registration:inspect", args=[person.pk]) in page
    assert reverse("registration_personal_revoke", args=[rows["used"].pk]) not in page
    assert list(client.get(reverse(LIST), {"q": rows["sent"].name_latin}).context["object_list"]) == [rows["sent"]]


def test_the_auditor_reads_and_does_nothing(staff, invitation):
    client = staff("auditor")

    page = client.get(reverse(LIST))
    assert "SOK Dara" in page.content.decode()
    for act in ("send", "revoke", "erase", "letter"):
        answer = client.get(reverse(f"registration_personal_{act}", args=[invitation.pk]))
        assert (answer.status_code, answer.url) == (302, "/cms/")
    assert client.get(reverse("registration_personal_invite")).url == "/cms/"


def test_a_correction_changes_what_is_typed_and_no_state(staff, invitation):
    client = staff("organiser")
    edit = reverse("wagtailsnippets_registration_personalinvitation:edit", args=[invitation.pk])
    typed = {"name_latin": "SOK Darany", "honorific": "", "name_km": "", "position": "", "agency": "", "agency_name": "",
             "contact_name": "", "language": "km", "email": "thief@example.org"}  # fmt: skip

    assert client.post(edit, typed).status_code == 302

    row = fresh(invitation)
    assert (row.name_latin, row.language, row.email, row.state) == ("SOK Darany", "km", "dara@example.org", "sent")
    assert PersonalInvitation.objects.matching("darany").exists()


def test_the_list_costs_the_same_with_one_and_with_three_rows(staff, invitation, django_assert_num_queries):
    client = staff("organiser")
    use(invitation)
    client.get(reverse(LIST))
    with django_assert_num_queries(14) as first:
        client.get(reverse(LIST))
    for _number in range(2):
        use(make.personal_invitation(invitation.pass_type, agency=exhibitors.agency()), **make.person())

    with django_assert_num_queries(len(first)):
        client.get(reverse(LIST))


def test_the_list_as_a_file_has_the_states(staff, invitation):
    answer = staff("organiser").get(reverse(LIST), {"export": "csv"})

    written = b"".join(answer.streaming_content).decode()
    assert "SOK Dara" in written and "sent" in written


def test_who_was_erased_is_not_written_about_again(staff, invitation):
    client = staff("organiser")
    name = "wagtailsnippets_registration_personalinvitation:{}"
    edit, inspect = (reverse(name.format(act), args=[invitation.pk]) for act in ("edit", "inspect"))
    assert all(edit in client.get(page).content.decode() for page in (reverse(LIST), inspect))

    erasing.erase_invitation(invitation=invitation)

    typed = {"name_latin": "SOK Dara"}
    answers = [client.get(edit, follow=True), client.post(edit, typed, follow=True)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert not any(edit in client.get(page).content.decode() for page in (reverse(LIST), inspect))
    assert fresh(invitation).name_latin == "–"
