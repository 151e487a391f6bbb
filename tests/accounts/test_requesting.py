"""The public form for an account, the page behind its link, and the organisers' queue."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from wagtail.models import ModelLogEntry

from exhibitors.models import AccountRequest, Agency
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.pages import Page, get

pytestmark = pytest.mark.django_db

FORM = "/en/account/request/"
TYPED = {
    "name_en": "Example Robots", "name_km": "", "kind": "private", "country": "KH", "website": "", "person": "SOK Dara",
    "position": "Director", "email": "asker@example.org", "phone": "", "language": "km",
}  # fmt: skip


@pytest.fixture
def edition():
    return editions.edition(is_current=True)


@pytest.fixture
def row(edition):
    return make.account_request(edition, name_en="Example Robots")


def pdf():
    return SimpleUploadedFile("letter.pdf", b"%PDF-1.7", content_type="application/pdf")


def picture():
    file = io.BytesIO()
    Image.new("RGB", (40, 40)).save(file, "PNG")
    return SimpleUploadedFile("letter.png", file.getvalue(), content_type="image/png")


def text(page):
    return " ".join(page.words("main"))


def page_of(row):
    return f"/en/account/request/{row.token}/"


class TestForm:
    @pytest.mark.parametrize("letter", [pdf, picture])
    def test_a_body_asks_and_looks_into_its_mail(self, client, edition, letter):
        response = client.post(FORM, TYPED | {"letter": letter()})

        assert response.url == f"{FORM}sent/"
        assert "Look into your mail" in text(get(client, response.url))
        assert AccountRequest.objects.get().name_en == "Example Robots"

    def test_the_answer_is_the_same_whatever_is_known(self, client, edition):
        make.member(make.agency("Example Robots"), email="asker@example.org")
        first = client.post(FORM, TYPED | {"letter": pdf()})
        again = client.post(FORM, TYPED | {"letter": pdf()})

        assert (first.status_code, first.url) == (again.status_code, again.url) == (302, f"{FORM}sent/")

    def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(self, client, edition):
        response = client.post(FORM, TYPED | {"email": "nobody", "website": "robots"})

        shown = Page(response)
        assert response.status_code == 422
        assert {field.get("name") for field in shown.all("[aria-invalid=true]")} == {"email", "website", "letter"}
        assert shown.all("[name=person]")[0].get("value") == "SOK Dara"

    @pytest.mark.parametrize("content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"MZ", b"%PDF-" + b"x" * 5_000_001])
    def test_other_files_and_large_ones_are_refused(self, client, edition, content):
        response = client.post(FORM, TYPED | {"letter": SimpleUploadedFile("letter.pdf", content)})

        assert response.status_code == 422
        assert not AccountRequest.objects.exists()

    def test_another_sites_page_cannot_send_it(self, client, edition):
        assert client.post(FORM, TYPED | {"letter": pdf()}, headers={"sec-fetch-site": "cross-site"}).status_code == 403

    def test_too_many_are_asked_to_wait(self, client, edition, settings):
        settings.LIMITS = settings.LIMITS | {"account_request": "1/h/ip"}
        client.post(FORM, TYPED | {"letter": pdf()})

        assert client.post(FORM, TYPED | {"letter": pdf()}).status_code == 429
        assert AccountRequest.objects.count() == 1

    def test_the_file_of_who_is_asked_to_wait_is_not_looked_at(self, client, edition, settings):
        settings.LIMITS = settings.LIMITS | {"account_request": "1/h/ip"}
        typed = TYPED | {"letter": SimpleUploadedFile("letter.pdf", b"MZ")}
        looked, waits = client.post(FORM, typed), client.post(FORM, typed)

        assert (looked.status_code, waits.status_code) == (422, 429)
        assert "Only PDF files" in text(Page(looked))
        assert "Only PDF files" not in text(Page(waits))

    def test_without_a_forum_there_is_no_form(self, client):
        assert client.get(FORM).status_code == 404

    def test_the_page_of_signing_in_leads_to_it(self, client, edition):
        assert FORM in [link.get("href") for link in get(client, "/accounts/login/").all("main a")]


class TestLink:
    def test_opening_it_confirms_nothing_and_its_button_does(self, client, edition):
        row = make.account_request(edition, is_confirmed=False)
        assert "Please confirm" in text(get(client, page_of(row)))
        row.refresh_from_db()
        assert not row.is_confirmed

        client.post(page_of(row))

        row.refresh_from_db()
        assert row.is_confirmed
        assert "Your address is confirmed." in text(get(client, page_of(row)))

    def test_a_question_is_answered_there_and_what_was_sent_is_kept(self, client, row):
        AccountRequest.objects.update(state="returned", remark="Which ministry?", decided_at=row.asked_at)
        shown = get(client, page_of(row))
        assert "Which ministry?" in text(shown)
        assert shown.all("[name=person]")[0].get("value") == "SOK Dara"

        client.post(page_of(row), TYPED | {"version": 1, "name_en": "Example Robots of Examplia"})

        row.refresh_from_db()
        assert (row.state, row.name_en, row.email) == ("open", "Example Robots of Examplia", "asker@example.org")

    def test_nobody_guesses_it(self, client, row):
        assert client.get(page_of(row).replace(row.token, "a" * 24)).status_code == 404


class TestQueue:
    @pytest.fixture
    def organiser(self, client):
        user = make.exhibition_manager()
        client.force_login(user)
        return user

    def test_a_request_stands_beside_agencies_with_names_like_it(self, client, organiser, row):
        make.agency("Example Robots Ltd.")
        said = text(get(client, f"/cms/exhibition/requests/{row.pk}/"))
        assert "Example Robots Ltd." in said
        assert "SOK Dara" in said

    def test_it_is_accepted_there(self, client, organiser, row):
        client.post(f"/cms/exhibition/requests/{row.pk}/", {"version": 1, "to": "accepted", "agency": "", "remark": ""})

        assert Agency.objects.get().name_en == "Example Robots"

    def test_what_was_answered_meanwhile_is_read_again(self, client, organiser, row):
        AccountRequest.objects.update(version=2)

        response = client.post(f"/cms/exhibition/requests/{row.pk}/", {"version": 1, "to": "accepted"})

        assert response.status_code == 422
        assert not Agency.objects.exists()

    def test_the_letter_is_saved_and_that_stands_in_the_history(self, client, organiser, row):
        response = client.get(f"/cms/exhibition/requests/{row.pk}/letter/")

        assert b"".join(response.streaming_content) == b"%PDF-"
        assert response["Content-Disposition"].startswith("attachment")
        assert ModelLogEntry.objects.for_instance(row).filter(action="exhibitors.request_letter", user=organiser).exists()

    def test_nobody_else_opens_letter_or_queue(self, client, row):
        client.force_login(make.member(make.agency()))
        assert client.get(f"/cms/exhibition/requests/{row.pk}/letter/").status_code in (302, 403)
        assert client.get(f"/cms/exhibition/requests/{row.pk}/").status_code in (302, 403)

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_list_takes_as_many_queries_for_three_as_for_one(
        self, client, organiser, edition, count, django_assert_num_queries
    ):
        for _number in range(count):
            make.account_request(edition)
        address = "/cms/snippets/exhibitors/accountrequest/"
        client.get(address)

        with django_assert_num_queries(12):
            client.get(address)
