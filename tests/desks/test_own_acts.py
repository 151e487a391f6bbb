"""What a person does on their own page: change, renew, take along, erase."""

import base64
import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from post_office.models import Email

from forum.badges import printing
from forum.checkin import admission
from forum.checkin.models import Gate
from forum.registration import answering, inviting, replying, signup
from forum.registration.models import Answer, Registration
from tests.factories import cms
from tests.factories import registration as make
from tests.pages import Page

pytestmark = pytest.mark.django_db
NAMES = ("edit", "renew", "erase")


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path, "base_url": None}}
    }


def own(name, registration):
    return reverse(f"registration:{name}", args=[registration.token])


def registered(of=None, **fields) -> Registration:
    return make.registration(of=of, **({"name_latin": "SOK Dara"} | fields))


def filled(form) -> dict:
    """What a browser would send of a form as it stands."""
    return {field.html_name: field.value() for field in form if field.value() not in (None, "")}


@pytest.mark.parametrize("name", [*NAMES, "data"])
def test_pages_are_kept_by_no_cache(client, name):
    assert client.get(own(name, registered()))["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("name", NAMES)
def test_another_sites_page_changes_nothing(client, name):
    registration = registered()

    assert client.post(own(name, registration), {}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert signup.find_by_token(registration.token).is_live


@pytest.mark.parametrize("name", [*NAMES, "data"])
def test_a_stranger_gets_404(client, name):
    assert client.get(reverse(f"registration:{name}", args=["NOBODYHERE.1~forged"])).status_code == 404


def test_the_form_holds_what_was_given_and_sent_again_changes_nothing(client):
    registration = registered(name_km="សុខ ដារ៉ា", honorific="mr", position="Director", needs={"diet": "Vegan"})
    questions = [make.question(registration.edition, kind, choices=["tea", "milk"]) for kind in ("text", "choices", "date")]
    answering.keep(registration, dict(zip(questions, ["rice", ["tea", "milk"], "2027-03-01"], strict=True)))
    page = client.get(own("edit", registration))

    answer = client.post(own("edit", registration), filled(page.context["form"]))

    assert (answer.status_code, answer["Location"]) == (302, own("own", registration))
    assert [row.value for row in registration.answers.order_by("question")] == ["rice", "tea milk", "2027-03-01"]
    changed = Registration.objects.get()
    assert [getattr(changed, name) for name in ("name_km", "honorific", "position")] == ["សុខ ដារ៉ា", "mr", "Director"]
    assert (changed.holder_no, changed.needs.diet, Email.objects.count()) == (1, "Vegan", 1)


def test_a_change_of_language_leads_to_the_page_in_it(client):
    registration = registered()
    typed = filled(client.get(own("edit", registration)).context["form"])

    answer = client.post(own("edit", registration), typed | {"language": "km"})

    assert answer["Location"] == own("own", registration).replace("/en/", "/km/")
    assert Registration.objects.get().language == "km"


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"email": "nobody"}, "email"), ({"pass_type": "full"}, "pass_type"), ({"language": "fr"}, "language")],
)
def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(client, typed, field):
    registration = registered()
    make.pass_type(registration.edition, slug="full", size=0)
    before = filled(client.get(own("edit", registration)).context["form"])

    page = client.post(own("edit", registration), before | {"position": "Rector"} | typed)

    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert 'value="Rector"' in page.content.decode()
    assert Registration.objects.get().position == ""


def test_the_pass_one_holds_can_be_kept_when_it_is_full_or_no_longer_on_offer(client):
    registration = registered(of=make.pass_type(size=1))
    assert "(full)" not in client.get(own("edit", registration)).content.decode()

    type(registration.pass_type).objects.update(access="invitation")
    typed = filled(client.get(own("edit", registration)).context["form"])

    assert client.post(own("edit", registration), typed | {"position": "Rector"}).status_code == 302


def test_a_file_need_not_be_sent_again(client):
    registration = registered()
    question = make.question(registration.edition, "file", is_required=True)
    answering.keep(registration, {question: ContentFile(b"%PDF-1", name="a.pdf")})
    before = Answer.objects.get().file.name
    typed = filled(client.get(own("edit", registration)).context["form"])

    client.post(own("edit", registration), typed | {"position": "Rector"})
    assert Answer.objects.get().file.name == before

    client.post(own("edit", registration), typed | {question.field_name: SimpleUploadedFile("b.pdf", b"%PDF-2")})
    assert Answer.objects.get().file.name != before


def test_who_withdrew_has_nothing_to_change_or_renew(client):
    registration = signup.withdraw(registration=registered())

    for name in ("edit", "renew"):
        assert client.get(own(name, registration))["Location"] == own("own", registration)
    assert "Change something" not in client.get(own("own", registration)).content.decode()


def test_a_new_link_is_mailed_and_the_old_one_is_dead(client):
    registration = registered()
    assert client.get(own("renew", registration)).status_code == 200
    assert Registration.objects.get().epoch == 1

    answer = client.post(own("renew", registration))

    renewed = Registration.objects.get()
    assert answer["Location"] == "/en/next/register/sent/"
    assert renewed.token in Email.objects.latest("pk").message
    assert [client.get(own("own", row)).status_code for row in (registration, renewed)] == [404, 200]
    assert client.post(own("renew", registration)).status_code == 404


def test_of_two_who_renew_with_one_link_one_does():
    registration = registered()
    other = Registration.objects.with_names().get()

    signup.renew_link(registration=registration)
    signup.renew_link(registration=other)

    assert (Registration.objects.get().epoch, Email.objects.count()) == (2, 2)


def test_everything_kept_of_a_person_can_be_taken_along(client):
    edition = cms.edition_under_way()
    registration = registered(of=make.pass_type(edition), name_km="សុខ", needs={"diet": "Vegan"}, position="Rector")
    text, file = make.question(edition, label_en="Food?"), make.question(edition, "file", label_en="Proof?")
    answering.keep(registration, {text: "rice", file: ContentFile(b"%PDF-", name="a.pdf")})
    (badge,) = printing.issue([registration])
    printing.print_badges(registrations=[registration])
    admission.scan(gate=Gate.objects.create(edition=edition, name_en="Main gate"), typed=badge.serial)
    signup.withdraw(registration=registration)

    answer = client.get(own("data", registration))

    assert answer["Content-Disposition"] == f'attachment; filename="registration-{registration.code}.json"'
    data = json.loads(answer.content)
    assert "សុខ" in answer.content.decode()
    assert [data[name] for name in ("code", "state", "position", "email")] == [
        registration.code, "withdrawn", "Rector", registration.email,
    ]  # fmt: skip
    assert data["answers"][0] == {"question": "Food?", "answer": "rice"}
    assert data["answers"][1]["base64"] == "JVBERi0="
    assert data["access_needs"] == {"wheelchair": False, "sign_language": False, "diet": "Vegan"}
    assert ([row["gate"] for row in data["scans"]], len(data["badges"][0]["printed_at"])) == (["Main gate"], 1)
    assert [row["what"] for row in data["history"]] == ["registration.withdraw", "badges.print"]


def test_a_guest_takes_along_the_signed_original_and_who_stands_for_them_does_not(client):
    guests = [make.guest(make.guest_list(make.pass_type(slug="guest", access="invitation")))]
    guests.append(make.guest(guests[0].guest_list))
    for guest, reply in zip(guests, ("attending", "represented"), strict=True):
        inviting.number(guest=guest)
        inviting.keep_scan(guest=guest, scan=ContentFile(b"%PDF-1.7 signed", name="letter.pdf"))
        replying.reply(guest=guest, reply=reply, representative={"name_latin": "CHAN Bora"})

    told = [json.loads(client.get(own("data", guest.registrations.get())).content)["invitation"] for guest in guests]

    assert base64.b64decode(told[0]["base64"]) == b"%PDF-1.7 signed"
    assert told[1] == {"list": "Guests of the opening", "as": "representative"}


def test_erasing_asks_first_and_leaves_a_dead_link(client):
    registration = registered()
    assert "cannot be undone" in client.get(own("erase", registration)).content.decode()
    assert Registration.objects.get().erased_at is None

    page = client.post(own("erase", registration))

    assert "Your data is erased" in page.content.decode()
    assert "SOK Dara" not in page.content.decode()
    assert client.get(own("own", registration)).status_code == 404


def test_the_own_page_shows_answers_needs_days_and_zones(client):
    edition = cms.edition()
    of = make.pass_type(edition, days=[edition.opens_on.isoformat()])
    of.zones.create(edition=edition, name_en="Press room")
    registration = registered(of=of, needs={"wheelchair": True})
    answering.keep(registration, {make.question(edition, "yes-no", label_en="Lunch?"): "yes"})

    page = client.get(own("own", registration)).content.decode()

    assert all(words in page for words in ("Press room", "Lunch?", "Yes", "Wheelchair", "Valid on"))


def test_titles_that_the_form_does_not_offer_are_kept(client):
    registration = registered(honorific="samdech techo")
    address = f"/en/registration/{registration.token}/edit/"
    page = Page(client.get(address))
    typed = {"pass_type": registration.pass_type.slug, "name_latin": registration.name_latin, "email": registration.email,
             "language": "en", "honorific": "samdech", "title": "techo"}  # fmt: skip

    client.post(address, typed)

    assert [option.get("value") for option in page.all("select option[selected]")] == ["samdech", "techo", "", ""]
    assert Registration.objects.get().honorific == "samdech techo"
