"""The public form: what a stranger sees and learns."""

import pytest
from django.urls import reverse
from post_office.models import Email

from forum.registration.models import Registration
from tests.factories import cms, exhibitors
from tests.factories import registration as make

pytestmark = pytest.mark.django_db

PERSON = {
    "pass_type": "delegate",
    "name_latin": "SOK Dara",
    "name_km": "សុខ ដារ៉ា",
    "honorific": "mr",
    "email": "d@example.org",
}


@pytest.fixture
def address():
    return reverse("register:form", args=[make.pass_type().edition.slug])


def test_a_person_registers_in_khmer_and_is_written_to_in_khmer(client, address):
    answer = client.post(address.replace("/en/", "/km/"), PERSON)

    assert (answer.status_code, answer["Location"]) == (302, "/km/next/register/sent/")
    assert Registration.objects.get().language == "km"
    assert "/km/registration/" in Email.objects.get().message


def test_the_answer_to_a_repeat_is_the_same_to_the_letter(client, address):
    answers = [client.post(address, PERSON) for _time in range(2)]

    for answer in answers:
        del answer["X-Request-ID"]  # the number of the request
    assert len({(a.status_code, a["Location"], a.content, tuple(sorted(a.headers.items()))) for a in answers}) == 1
    assert Registration.objects.count() == 1


def test_the_page_touches_no_session_and_no_cookie(client, address):
    answer = client.get(address)

    assert answer.status_code == 200
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name_latin", "", "This field is required."),
        ("name_latin", "សុខ", "Write this name in Latin letters."),
        ("name_latin", "Dara 2", "Write this name without digits."),
        ("name_km", "Sok", "Write this name in Khmer letters."),
        ("email", "nobody", "Enter a valid email address."),
        ("phone", "call me", "This does not look like a telephone number."),
        ("pass_type", "king", "Select a valid choice. king is not one of the available choices."),
        ("name_latin", "a\x00b", "This field is required."),
        ("agency_name", "x" * 201, "Ensure this value has at most 200 characters (it has 201)."),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(client, address, field, value, sentence):
    answer = client.post(address, PERSON | {field: value})

    assert answer.status_code == 422
    assert sentence in answer.context["form"].errors[field]
    assert "សុខ ដារ៉ា" in answer.content.decode() or field == "name_km"
    assert Registration.objects.count() == 0


def test_names_pasted_from_a_document_have_plain_blanks_and_nothing_unseen(client, address):
    client.post(address, PERSON | {"name_latin": "SOK\xa0Da\u200bra", "name_km": "សុខ\u202fដា\u200bរ៉ា"})

    person = Registration.objects.get()
    assert (person.name_latin, person.name_km) == ("SOK Dara", "សុខ ដា\u200bរ៉ា")


def test_a_full_pass_is_said_beside_the_pass(client):
    delegate = make.pass_type(size=1)
    make.registration(of=delegate)

    answer = client.post(reverse("register:form", args=[delegate.edition.slug]), PERSON)

    assert answer.status_code == 422
    assert answer.context["form"].errors["pass_type"] == ["All places of this pass are taken."]


def test_a_known_body_is_found_by_its_name_in_either_language(client, address):
    ministry = exhibitors.agency(name_en="Ministry of Examples", name_km="ក្រសួងឧទាហរណ៍")

    for number, typed in enumerate(["ministry of examples", "ក្រសួងឧទាហរណ៍", "Somewhere Else"]):
        client.post(address, PERSON | {"agency_name": typed, "email": f"p{number}@example.org"})

    assert list(Registration.objects.order_by("email").values_list("agency", "agency_name")) == [
        (ministry.pk, "ministry of examples"),
        (ministry.pk, "ក្រសួងឧទាហរណ៍"),
        (None, "Somewhere Else"),
    ]


def test_another_sites_page_cannot_send_the_form(client, address):
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
    ):
        assert client.post(address, PERSON, headers=headers).status_code == 403

    assert client.post(address, PERSON, headers={"Origin": "http://testserver"}).status_code == 302


def test_a_closed_edition_says_so_and_registers_nobody(client):
    edition = cms.edition(registration_opens_at=None)
    make.pass_type(edition)
    address = reverse("register:form", args=[edition.slug])

    assert "Registration is closed" in client.get(address).content.decode()
    assert client.post(address, PERSON).status_code == 409
    assert Registration.objects.count() == 0


def test_asking_for_a_link_never_tells_who_is_registered(client):
    registration = make.registration()
    address = reverse("register:link", args=[registration.edition.slug])

    answers = [client.post(address, {"email": email}) for email in (registration.email, "stranger@example.org")]

    assert [(a.status_code, a["Location"]) for a in answers] == [(302, "/en/next/register/sent/")] * 2


def test_the_form_costs_the_same_with_one_and_with_three_passes(client, address, django_assert_num_queries):
    with django_assert_num_queries(7):
        client.get(address)
    edition = make.PassType.objects.get().edition
    for slug in ("media", "student"):
        make.pass_type(edition, slug=slug)

    with django_assert_num_queries(6):  # the list of agencies is kept for a minute
        client.get(address)


def test_an_edition_that_is_not_there_is_a_404(client):
    assert client.get("/en/nowhere/register/").status_code == 404


def test_a_style_and_a_title_are_kept_together_and_written_in_the_letter(client, address):
    client.post(address, PERSON | {"honorific": "excellency", "title": "professor doctor"})

    assert Registration.objects.get().honorific == "excellency professor doctor"
    assert "Dear H.E. Professor Dr SOK Dara," in Email.objects.get().message


@pytest.mark.parametrize(
    "typed", [{"honorific": "mr", "title": "mrs"}, {"title": "count"}, {"honorific": "general colonel"}]
)
def test_forms_of_address_that_do_not_go_together_are_refused(client, address, typed):
    assert client.post(address, PERSON | typed).status_code == 422
    assert not Registration.objects.exists()
