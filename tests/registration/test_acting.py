"""A contact receives a person's messages, finds the links of all their people in one letter, and acts for them."""

import datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from post_office.models import Email

from forum.registration import acting, circulating, editing, emails, erasing, signup
from forum.registration.models import ActingLink, Offer, Registration
from tests.factories import cms
from tests.factories import registration as make

pytestmark = pytest.mark.django_db
AIDE = "aide@example.org"
QUERIES = 4


@pytest.fixture
def of():
    return make.pass_type()


def letters():
    return [letter.to[0] for letter in Email.objects.order_by("pk")]


def ask(of, address=AIDE):
    Email.objects.all().delete()
    signup.send_links(edition=of.edition, email=address)
    return list(Email.objects.all())


def page_of(of, address=AIDE):
    link = ActingLink.objects.get_or_create(edition=of.edition, address=address)[0]
    ActingLink.objects.filter(pk=link.pk).update(sent_at=timezone.now())
    return f"/en/next/register/acting/{link.token}/"


def edited(person, **fields):
    return editing.edit(registration=person, pass_type=person.pass_type, answers={}, needs={}, **fields)


# Who receives


def test_the_person_alone_a_contact_alone_or_both_receive_what_is_written(of):
    make.registration(of, email="a@example.org")
    make.registration(of, **make.aide())
    make.registration(of, **make.aide(own="c@example.org"))
    alone = make.aide(own="minister@example.org") | {"receives": "contact"}
    make.registration(of, **alone)

    assert letters() == ["a@example.org", AIDE, "c@example.org", AIDE, AIDE]


def test_each_reads_in_their_own_language_and_a_contact_is_told_for_whom_it_is(of):
    person = {"name_latin": "CHAN Bopha", "name_km": "ចាន់ បុប្ផា", "honorific": "excellency", "language": "en"}
    make.registration(of, **person, **make.aide(own="c@example.org"), contact_language="km")

    own, contact = Email.objects.order_by("pk")
    assert (own.headers["Content-Language"], contact.headers["Content-Language"]) == ("en", "km")
    assert "An aide" not in own.message + own.subject
    assert "ចាន់ បុប្ផា៖ " in contact.subject
    assert contact.message.startswith("ជូន An aide៖ សារនេះសម្រាប់")
    assert "An aide" in contact.html_message
    assert "/km/registration/" in contact.message and "/en/registration/" in own.message


def test_whom_nobody_was_chosen_for_is_written_to_at_the_address_there_is(of):
    person = make.registration(of, email="", contact_name="An aide", contact_email=" Aide@Example.org", receives="person")
    without = make.registration(of, email="b@example.org", contact_name="An aide", receives="contact")

    assert (person.receives, person.addresses) == ("contact", {AIDE})
    assert (without.receives, without.addresses) == ("person", {"b@example.org"})


def test_one_address_for_both_gets_one_letter(of):
    make.registration(of, **make.aide(own=AIDE))

    assert letters() == [AIDE]


def test_the_database_keeps_no_contact_who_receives_without_an_address(of):
    person = make.registration(of)

    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.filter(pk=person.pk).update(receives="contact")


def test_an_aide_names_the_same_person_once_and_two_people_twice(of):
    first = make.registration(of, name_latin="SOK Dara", **make.aide())
    again = make.registration(of, name_latin="Dara SOK", **make.aide())
    other = make.registration(of, name_latin="CHAN Bopha", **make.aide())

    assert first == again and other != first


def test_the_person_is_the_same_when_a_contact_comes_and_goes(of):
    person = make.registration(of, email="a@example.org")
    key = person.person_key

    with_aide = edited(person, **make.aide(own="a@example.org"))
    without = edited(with_aide, contact_name="", contact_email="", receives="person")

    assert with_aide.person_key == without.person_key == key


def test_a_new_contact_gets_the_link_and_one_who_is_no_more_is_told(of):
    person = make.registration(of, email="a@example.org")
    Registration.objects.update(link_sent_at=timezone.now() - datetime.timedelta(hours=1))
    Email.objects.all().delete()

    edited(person, **make.aide(own="a@example.org"))
    assert letters() == [AIDE]
    assert person.token in Email.objects.get().message

    Email.objects.all().delete()
    person.refresh_from_db()
    edited(person, contact_name="", contact_email="", receives="person")
    assert letters() == [AIDE]
    assert person.token not in Email.objects.get().message


def test_a_person_is_found_by_the_address_of_the_contact(of):
    person = make.registration(of, **make.aide("protocol.office@example.org"))
    make.registration(of)

    assert list(Registration.objects.matching("protocol.office@example.org")) == [person]


@pytest.mark.parametrize("written", ["before", "now"])
def test_people_invitations_and_guests_are_found_by_their_contacts_name(of, written):
    """Their secretary rings up and says their own name. Rows of before the change are written anew by its migration."""
    rows = [
        make.registration(of=of, **make.aide(name="សុខ Secretary")),
        make.guest(of=make.guest_list(of), contact_name="សុខ Secretary", email="office@example.org"),
        make.personal_invitation(of, contact_name="សុខ Secretary"),
    ]
    if written == "before":
        for row in rows:
            type(row).objects.filter(pk=row.pk).update(search_text=row.name_latin.lower())
        import_module("forum.registration.migrations.0034_find_people_by_their_contacts").add_contacts(apps, None)

    for row in rows:
        assert list(type(row).objects.matching("secretary សុខ")) == [row]
        assert type(row).objects.matching(row.name_latin).exists()


def test_reminders_and_offers_go_to_all_who_receive(of):
    person = make.registration(of, **make.aide(own="a@example.org"))
    Email.objects.all().delete()

    emails.send_reminder(person)
    emails.send_offer(Offer(registration=person, until=timezone.now()))

    assert letters() == ["a@example.org", AIDE] * 2


def test_a_circular_reaches_the_person_and_the_contact_once_each(of, admin_user):
    make.registration(of, **make.aide(own="a@example.org"), contact_language="km")
    Email.objects.all().delete()
    texts = {"subject_en": "News", "subject_km": "ដំណឹង", "body_en": "Dear {name}", "body_km": "ជូន {name}"}
    for to_contacts in (True, False):
        circulating.write(
            edition=of.edition, people=Registration.objects.all(), chosen_by="all", to_contacts=to_contacts,
            user=admin_user, **texts,
        )  # fmt: skip
    circulating.send_some()
    circulating.send_some()

    assert letters() == ["a@example.org", AIDE, "a@example.org"]
    assert "ដំណឹង" in Email.objects.get(to=AIDE).subject


def test_who_is_erased_takes_the_contact_along(of):
    person = make.registration(of, **make.aide(own="a@example.org"), contact_phone="012", contact_role="aide")
    page_of(of)

    erasing.erase(registration=person)

    row = Registration.objects.values("email", "contact_name", "contact_email", "contact_phone", "contact_role").get()
    assert set(row.values()) == {""}
    assert (Email.objects.count(), ActingLink.objects.count()) == (0, 0)


# The form

TYPED = {"pass_type": "delegate", "name_latin": "SOK Dara", "email": ""}


def post(client, of, **fields):
    return client.post(f"/en/{of.edition.slug}/register/", TYPED | fields)


def test_somebody_registers_somebody_else(client, of):
    contact = {"contact_name": "An aide", "contact_email": AIDE, "contact_role": "aide", "contact_language": "km"}

    answer = post(client, of, receives="contact", **contact)

    assert answer.status_code == 302
    person = Registration.objects.get()
    assert (person.email, person.contact_email, person.contact_role, person.contact_language, person.receives) == (
        "", AIDE, "aide", "km", "contact",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"receives": "person"}, {"email"}),
        ({"receives": "contact"}, {"contact_name", "contact_email"}),
        ({"receives": "both", "email": AIDE, "contact_name": "A", "contact_email": AIDE}, {"contact_email"}),
        ({"receives": "both", "contact_name": "A", "contact_email": AIDE}, {"email"}),
        ({"receives": "contact", "contact_name": "A", "contact_email": "no address"}, {"contact_email"}),
    ],
)
def test_what_is_missing_is_said_beside_its_field(client, of, typed, errors):
    answer = post(client, of, **typed)

    assert (answer.status_code, set(answer.context["form"].errors)) == (422, errors)
    assert Registration.objects.count() == 0


def test_where_the_person_receives_there_is_no_contact_whatever_was_typed(client, of):
    post(client, of, receives="person", email="a@example.org", contact_name="A", contact_email="nonsense")

    assert Registration.objects.values_list("email", "contact_name", "contact_email").get() == ("a@example.org", "", "")


# One letter with all links


def test_the_links_of_all_whom_an_address_serves_come_in_one_letter_in_order(of):
    second = make.registration(of, name_latin="SOK Dara", **make.aide())
    first = make.registration(of, name_latin="CHAN Bopha", **make.aide(own="c@example.org"))
    own = make.registration(of, name_latin="TEP Rith", email=AIDE)
    stranger = make.registration(of, name_latin="AN Stranger", **make.aide("other@example.org"))

    (letter,) = ask(of)

    assert letter.to == [AIDE]
    places = [letter.message.index(person.token) for person in (first, second, own)]
    assert places == sorted(places)
    assert stranger.token not in letter.message
    assert f"/register/acting/{ActingLink.objects.get().token}/" in letter.message


def test_it_is_written_in_the_language_of_who_reads_it(of):
    for _number in range(2):
        make.registration(of, language="en", **make.aide(), contact_language="km")

    (letter,) = ask(of)

    assert letter.headers["Content-Language"] == "km"
    assert "/km/next/register/acting/" in letter.message


def test_a_contact_who_does_not_receive_is_sent_nothing(of):
    make.registration(of, **make.aide(own="a@example.org") | {"receives": "person"})

    assert ask(of) == []


def test_asked_again_at_once_no_second_letter_goes_out(of):
    make.registration(of, **make.aide())

    assert (len(ask(of)), len(ask(of))) == (1, 0)

    ActingLink.objects.update(sent_at=timezone.now() - datetime.timedelta(hours=1))
    assert len(ask(of)) == 1


def test_who_left_and_other_editions_are_in_no_letter(of):
    here, gone = make.registration(of, **make.aide()), make.registration(of, **make.aide())
    signup.withdraw(registration=gone)
    elsewhere = make.registration(make.pass_type(cms.edition(slug="other")), **make.aide())

    (letter,) = ask(of)

    assert [person.token in letter.message for person in (here, gone, elsewhere)] == [True, False, False]


# The page


def test_the_page_lists_whom_the_address_acts_for_now_and_what_is_due(client, of):
    asked = make.registration(of, name_latin="AN Asked", name_km="អាន សុខ", **make.aide())
    Registration.objects.update(coming="asked")
    photo = make.pass_type(of.edition, slug="media", needs_photo=True)
    make.registration(photo, name_latin="BO Photo", **make.aide())
    offered = make.registration(of, name_latin="CHEA Offered", **make.aide())
    Registration.objects.filter(pk=offered.pk).update(state="waiting")
    Offer.objects.create(registration=offered, until=timezone.now() + datetime.timedelta(days=1))
    held = make.registration(of, name_latin="DY Held", **make.aide())
    Registration.objects.filter(pk=held.pk).update(state="held")
    left = make.registration(of, name_latin="AA Left", **make.aide())
    signup.withdraw(registration=left)
    make.registration(of, name_latin="AN Own", email=AIDE)
    make.registration(of, name_latin="AN Stranger", **make.aide("other@example.org"))

    answer = client.get(page_of(of))

    rows = [(row["person"].name_latin, row["due"]) for row in answer.context["rows"]]
    assert rows == [
        ("AN Asked", ["Say whether they come"]),
        ("BO Photo", ["Still missing: photo"]),
        ("CHEA Offered", ["Reply to the offer of a place"]),
        ("DY Held", ["Pay for the place"]),
        ("AA Left", []),
    ]
    text = answer.content.decode()
    assert f"/en/registration/{asked.token}/" in text and "អាន សុខ" in text
    assert answer["Cache-Control"] == "no-store, private"


def test_the_page_opens_nobody_whose_messages_go_elsewhere_since(client, of):
    person = make.registration(of, **make.aide(own="a@example.org"))
    address = page_of(of)
    assert person.token in client.get(address).content.decode()

    edited(person, contact_name="", contact_email="", receives="person")

    answer = client.get(address)
    assert (answer.status_code, answer.context["rows"]) == (200, [])


def test_the_page_costs_the_same_with_one_and_with_three_people(client, of, django_assert_num_queries):
    photo = make.pass_type(of.edition, slug="media", needs_photo=True)
    make.registration(photo, **make.aide())
    address = page_of(of)
    client.get(address)

    with django_assert_num_queries(QUERIES):
        client.get(address)
    for each in (of, photo):
        make.registration(each, **make.aide())
    with django_assert_num_queries(QUERIES):
        assert len(client.get(address).context["rows"]) == 3


def test_the_link_is_over_after_thirty_days_and_opens_again_when_asked_for(client, of):
    make.registration(of, **make.aide())
    address = page_of(of)
    ActingLink.objects.update(sent_at=timezone.now() - datetime.timedelta(days=31))
    assert client.get(address).status_code == 410

    ask(of)

    assert client.get(address).status_code == 200


def test_a_renewed_link_comes_by_mail_and_the_one_before_opens_nothing(client, of):
    make.registration(of, **make.aide())
    address = page_of(of)
    Email.objects.all().delete()
    assert client.get(f"{address}renew/").status_code == 200

    assert client.post(f"{address}renew/").status_code == 302

    assert letters() == [AIDE]
    assert client.get(address).status_code == 404
    assert ActingLink.objects.get().token in Email.objects.get().message
    assert client.post(f"{address}renew/").status_code == 404
    assert letters() == [AIDE]


def test_who_renews_an_own_page_closes_the_page_that_would_show_the_new_link(client, of):
    person = make.registration(of, **make.aide())
    address = page_of(of)

    signup.renew_link(registration=person)

    assert client.get(address).status_code == 404


def test_who_renews_an_own_page_is_told_to_whom_the_new_link_goes(client, of):
    person = make.registration(of, **make.aide(own="a@example.org"))

    answer = client.get(f"/en/registration/{person.token}/renew/")

    assert f"The new link goes to a@example.org, {AIDE}." in answer.content.decode()


@pytest.mark.parametrize("token", ["x", "ABCDEFGHJK.1~forged", "a~b~c"])
def test_a_forged_link_opens_nothing(client, of, token):
    assert client.get(f"/en/{of.edition.slug}/register/acting/{token}/").status_code == 404


def test_a_withdrawn_registration_is_not_edited_by_a_contact_either(of):
    person = signup.withdraw(registration=make.registration(of, **make.aide()))

    with pytest.raises(ValidationError):
        edited(person, position="Minister")

    assert acting.received_by(of.edition, AIDE) == []


def test_contacts_of_before_are_carried_over_and_back():
    """The migration moves what rows hold and no table, so it is tried on the tables of today."""
    migration = import_module("forum.registration.migrations.0028_carry_contacts_over")
    people = Registration.objects
    aided = make.registration(name_latin="SOK Dara", **make.aide())
    both = make.registration(aided.pass_type, name_latin="CHAN Bopha", **make.aide(own="c@example.org"))
    alone = make.registration(aided.pass_type, name_latin="TEP Rith", email="t@example.org")
    keys = [person.person_key for person in (aided, both, alone)]

    migration.carry_back(apps, None)
    assert list(people.order_by("pk").values_list("contact_name", "email", "contact_email")) == [
        ("An aide", AIDE, ""), ("", "c@example.org", ""), ("", "t@example.org", ""),
    ]  # fmt: skip

    migration.carry_over(apps, None)
    rows = people.order_by("pk")
    assert list(rows.values_list("email", "contact_name", "contact_email", "receives")) == [
        ("", "An aide", AIDE, "contact"), ("c@example.org", "", "", "person"), ("t@example.org", "", "", "person"),
    ]  # fmt: skip
    for row in rows:
        row.save()
    assert [row.person_key for row in rows] == keys
