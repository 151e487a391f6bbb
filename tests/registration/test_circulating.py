"""Writing to many: each gets it once in their language, whatever dies meanwhile; staff see what became of it."""

import signal
import subprocess
import sys
import time

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from post_office.models import STATUS, Email
from wagtail.models import ModelLogEntry

from forum.registration import back_office_circulars, circulating, erasing, signup
from forum.registration.models import Circular, Recipient, Registration
from tests.conftest import ROOT
from tests.factories import accounts
from tests.factories import registration as make
from tests.pages import Page, get

WRITE = "/cms/registrations/write/"
TEXTS = {
    "subject_en": "News for {name}",
    "body_en": "Dear {name},\n\nyour {pass} for {edition}: {link}",
    "subject_km": "ដំណឹង",
    "body_km": "សូមគោរព {name} {pass}",
}


def people(number=2):
    of = make.pass_type()
    made = [make.registration(of, name_latin="SOK Dara", name_km="សុខ ដារ៉ា", honorific="mr", language="km")]
    made += [make.registration(of, name_latin=f"CHAN Bopha {count}") for count in range(number - 1)]
    Email.objects.all().delete()
    return made


def circulate(made, to_contacts=True, **texts):
    return circulating.write(
        edition=made[0].edition, people=Registration.objects.all(), chosen_by="everybody", to_contacts=to_contacts,
        user=accounts.user(), **(TEXTS | texts),
    )  # fmt: skip


def states():
    return list(Recipient.objects.values_list("state", flat=True))


@pytest.mark.django_db
def test_each_gets_it_in_their_language_with_what_is_theirs():
    sok, chan = people()

    circulate([sok, chan])
    assert circulating.send_some() is False

    first, second = Email.objects.order_by("pk")
    assert (first.subject, first.to) == ("ដំណឹង", [sok.email])
    assert first.message.startswith("សូមគោរព លោក សុខ ដារ៉ា ប្រតិភូ\n")
    assert second.subject == "News for CHAN Bopha 0"
    assert (
        f"your Delegate for Digital Government Forum: http://127.0.0.1:8000/en/registration/{chan.token}/" in second.message
    )
    assert [row.email for row in Recipient.objects.all()] == [first, second]


@pytest.mark.django_db
def test_nobody_gets_it_twice():
    circulate(people())

    circulating.send_some()
    circulating.send_some()

    assert Email.objects.count() == 2
    assert states() == ["written", "written"]


@pytest.mark.django_db
def test_mail_is_written_block_by_block(monkeypatch):
    monkeypatch.setattr(circulating, "AT_ONCE", 2)
    circulate(people(5))

    assert [(circulating.send_some(), Email.objects.count()) for _block in range(3)] == [(True, 2), (True, 4), (False, 5)]


@pytest.mark.django_db
def test_contacts_are_written_to_only_where_staff_say_so():
    made = people()
    Registration.objects.filter(pk=made[0].pk).update(**make.aide())

    circulate(made, to_contacts=False)
    circulate(made, to_contacts=True)

    assert states() == ["paper", "due", "due", "due"]


@pytest.mark.django_db
def test_what_is_stopped_goes_to_nobody_else(monkeypatch):
    monkeypatch.setattr(circulating, "AT_ONCE", 1)
    circular = circulate(people(3))
    circulating.send_some()

    for _twice in range(2):
        circulating.cancel(circular=circular, user=accounts.user())
        circulating.send_some()

    assert (states(), Email.objects.count()) == (["written", "left-out", "left-out"], 1)
    assert ModelLogEntry.objects.filter(action="registration.cancel_circular").count() == 1


@pytest.mark.django_db
def test_who_is_erased_gets_no_more_and_their_mail_is_gone(monkeypatch):
    monkeypatch.setattr(circulating, "AT_ONCE", 1)
    first, second, _third = made = people(3)
    circulate(made, body_en="No link", body_km="គ្មានតំណ")
    circulating.send_some()

    erasing.erase(registration=first)
    erasing.erase(registration=second)
    circulating.send_some()
    circulating.send_some()

    assert states() == ["written", "left-out", "written"]
    assert [email.to for email in Email.objects.filter(circulars__isnull=False)] == [[_third.email]]


@pytest.mark.parametrize(("text", "unknown"), [
    ("{name} {link} {pass} {edition}", []), ("{Name}", ["{Name}"]),
    ("{ name }{x.__class__}{}", ["{ name }", "{x.__class__}", "{}"]),
    ("a { b", []), ("{{name}}", []),
])  # fmt: skip
def test_only_known_marks_are_filled_in(text, unknown):
    assert circulating.unknown_marks(text) == sorted(unknown)


@given(st.text(alphabet="{}name link%s$<>&", max_size=60))
def test_a_text_is_refused_or_filled_and_never_breaks(text):
    if circulating.unknown_marks(text):
        with pytest.raises(ValidationError):
            back_office_circulars.known_marks(text)
        return
    circular = Circular(subject_en=text, body_en=text)
    person = Registration(code="ABCDEFGHJK", name_latin="SOK Dara")

    subject, _body = circulating.filled(circular, person, "en")

    assert "{name}" not in subject.replace("{{name}}", "")


def prepared(number):
    return circulate(people(number)).pk


def outcome():
    written = list(Email.objects.values_list("to", flat=True))
    return states().count("written"), len(written), len({tuple(to) for to in written})


def send_all():
    while circulating.send_some():
        pass


def test_two_who_send_at_once_write_to_each_person_once(race):
    race.prepare(prepared, number=60)

    race(send_all, [{}] * 4)

    assert race.inspect(outcome) == (60, 60, 60)


DYING = """
import sys, time
import django; django.setup()
from tests import databases
databases.point_to(sys.argv[1])
from forum.registration import circulating, emails
circulating.AT_ONCE = 5
written = []
send = emails.send_circular
def slowly(*args):
    email = send(*args)
    written.append(email)
    if len(written) == 8:
        print("in the middle of a block", flush=True)
        time.sleep(60)
    return email
emails.send_circular = slowly
while circulating.send_some(): pass
"""


def test_a_worker_killed_in_the_middle_leaves_nobody_out_and_writes_to_nobody_twice(race):
    race.prepare(prepared, number=12)
    worker = subprocess.Popen([sys.executable, "-c", DYING, race.database], cwd=ROOT, stdout=subprocess.PIPE)
    assert worker.stdout.readline() == b"in the middle of a block\n"

    worker.send_signal(signal.SIGKILL)
    worker.communicate()

    assert race.inspect(outcome) == (5, 5, 5)
    time.sleep(0.2)  # until the database has noticed
    race.prepare(send_all)
    assert race.inspect(outcome) == (12, 12, 12)


@pytest.fixture
def organiser(client):
    client.force_login(accounts.user(is_superuser=True))
    return client


def seen(page):
    return page.all("input[name=seen]")[0].get("value")


@pytest.mark.django_db
def test_staff_see_how_it_reads_before_it_goes_out(organiser):
    sok, _chan = made = people()
    address = f"{WRITE}?edition={sok.edition_id}"
    assert "In English: 1. In Khmer: 1. Without an address of their own: 0." in get(organiser, address).tree.text_content()

    preview = Page(organiser.post(address, TEXTS | {"to_contacts": "on", "person": sok.short_code, "act": "preview"}))
    assert preview.words(".preview h3") == ["News for Mr SOK Dara", "ដំណឹង"]
    assert Circular.objects.count() == 0

    answer = organiser.post(address, TEXTS | {"to_contacts": "on", "seen": seen(preview), "act": "send"})

    circular = Circular.objects.get()
    assert answer["Location"] == f"/cms/registrations/circulars/{circular.pk}/"
    assert circular.recipients.count() == len(made)
    assert "0 of 2 seen to" in get(organiser, answer["Location"]).tree.text_content()


@pytest.mark.django_db
def test_what_was_not_seen_as_it_is_does_not_go_out(organiser):
    made = people()
    address = f"{WRITE}?edition={made[0].edition_id}"
    preview = Page(organiser.post(address, TEXTS | {"act": "preview"}))

    changed = Page(organiser.post(address, TEXTS | {"subject_en": "Other", "seen": seen(preview), "act": "send"}))
    make.registration(made[0].pass_type)
    grown = Page(organiser.post(address, TEXTS | {"seen": seen(preview), "act": "send"}))

    assert (changed.words(".preview h3")[0], Circular.objects.count()) == ("Other", 0)
    assert "Send it to 3 people" in grown.tree.text_content()


@pytest.mark.django_db
def test_who_has_left_is_written_to_only_where_the_state_says_so_and_who_was_merged_never(organiser):
    made = people(4)
    for person in made[:2]:
        signup.withdraw(registration=person)
    Registration.objects.filter(pk=made[1].pk).update(merged_into=made[2].pk)

    def told(query):
        page = get(organiser, f"{WRITE}?edition={made[0].edition_id}{query}")
        return page.words(".nice-padding h2")[0], "Who withdrew or was refused is left out" in page.tree.text_content()

    assert told("") == ("To 2 people", True)
    assert told("&state=withdrawn&state=confirmed") == ("To 3 people", False)
    assert told(f"&id={made[0].pk}") == ("To 1 person", False)
    preview = Page(organiser.post(f"{WRITE}?edition={made[0].edition_id}", TEXTS | {"act": "preview"}))
    organiser.post(f"{WRITE}?edition={made[0].edition_id}", TEXTS | {"seen": seen(preview), "act": "send"})
    assert Recipient.objects.count() == 2


@pytest.mark.django_db
def test_unknown_marks_are_refused_beside_the_field_and_the_text_stays(organiser):
    made = people()

    answer = organiser.post(f"{WRITE}?edition={made[0].edition_id}", TEXTS | {"body_en": "Dear {nmae}", "act": "preview"})

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"body_en": ["There is no {nmae}."]}
    assert "Dear {nmae}" in Page(answer).words("textarea[name=body_en]")


@pytest.mark.django_db
def test_people_of_two_editions_are_not_written_to_together(organiser):
    people()
    other = make.cms.edition(slug="other")
    make.registration(make.pass_type(other))

    page = Page(organiser.get(WRITE, follow=True))

    assert "Choose people of one edition" in page.tree.text_content()


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_a_circular_and_the_list_of_them_cost_the_same_for_many(organiser, django_assert_num_queries, number):
    circular = circulate(people(number))
    circulating.send_some()
    Email.objects.update(status=STATUS.sent)
    organiser.get(WRITE)

    with django_assert_num_queries(QUERIES[0]):
        page = get(organiser, f"/cms/registrations/circulars/{circular.pk}/")
    with django_assert_num_queries(QUERIES[1]):
        get(organiser, "/cms/registrations/circulars/")

    assert page.words("table.listing tbody td:nth-child(n + 3)") == ["Written", "Sent"] * number


QUERIES = (11, 9)


@pytest.mark.django_db
def test_who_has_no_address_of_their_own_gets_a_letter(organiser):
    made = people()
    Registration.objects.filter(pk=made[0].pk).update(**make.aide())
    circular = circulate(made)

    answer = organiser.get(f"/cms/registrations/circulars/{circular.pk}/letters/1/")

    assert answer.content.startswith(b"%PDF")
    entry = ModelLogEntry.objects.get(action="registration.circular_letters")
    assert entry.data["number"] == 1
    assert organiser.get(f"/cms/registrations/circulars/{circular.pk}/letters/2/").status_code == 302


@pytest.mark.django_db
def test_who_may_not_write_to_people_does_not(client):
    made = people()
    client.force_login(accounts.user("wagtailadmin.access_admin", "registration.change_registration"))

    answer = client.post(f"{WRITE}?edition={made[0].edition_id}", TEXTS | {"act": "preview"})

    assert answer.status_code in {302, 403}
    assert Circular.objects.count() == 0


@pytest.mark.django_db
def test_whom_a_circular_went_to_is_kept_in_one_language(organiser):
    """An auditor reads it in the history, whatever the language of who wrote."""
    made = people()
    address, khmer = f"{WRITE}?edition={made[0].edition_id}", {"Accept-Language": "km"}
    preview = Page(organiser.post(address, TEXTS | {"act": "preview"}, headers=khmer))

    organiser.post(address, TEXTS | {"seen": seen(preview), "act": "send"}, headers=khmer)

    assert Circular.objects.get().chosen_by.startswith("Edition: ")
