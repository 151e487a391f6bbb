"""Questions in the public form: which are asked, what is refused, what is kept."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from PIL import Image

from forum.registration import answering
from forum.registration.models import Answer, Registration
from tests.factories import cms
from tests.factories import registration as make

pytestmark = pytest.mark.django_db
PERSON = {"pass_type": "delegate", "name_latin": "SOK Dara", "email": "d@example.org"}
PDF = b"%PDF-1.7\n%%EOF"


@pytest.fixture
def edition():
    return make.pass_type().edition


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path, "base_url": None}}
    }


def send(client, edition, **typed):
    return client.post(reverse("register:form", args=[edition.slug]), PERSON | typed)


def kept() -> list[str]:
    return list(Answer.objects.order_by("pk").values_list("value", flat=True))


def content_of(answer) -> bytes:
    with default_storage.open(answer.file.name) as file:
        return file.read()


def picture() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (2, 2)).save(written, "PNG")
    return written.getvalue()


@pytest.mark.parametrize(
    ("kind", "typed", "value", "written"),
    [
        ("text", " Sushi \u202e", "Sushi", "Sushi"),
        ("long-text", "One\nTwo", "One\nTwo", "One\nTwo"),
        ("choice", "tea", "tea", "Tea"),
        ("choices", ["tea", "milk"], "tea milk", "Tea, Milk"),
        ("yes-no", "no", "no", "No"),
        ("number", "១២", "12", "12"),
        ("number", "1,000.50", "1000.5", "1000.5"),
        ("date", "2027-03-01", "2027-03-01", "2027-03-01"),
        ("country", "KH", "KH", "Cambodia"),
        ("province", "KH-17", "KH-17", "Siemreap"),
        ("phone", "012 345 678", "+855 12 345 678", "+855 12 345 678"),
    ],
)
def test_an_answer_is_kept_as_it_can_be_read_again(client, edition, kind, typed, value, written):
    question = make.question(edition, kind, choices=["tea", "milk", "rice"] if "choice" in kind else [])

    assert send(client, edition, **{question.field_name: typed}).status_code == 302

    answer = Answer.objects.get()
    assert (answer.value, answer.written_in("en")) == (value, written)


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        ("text", "x" * 201, "at most 200 characters"),
        ("long-text", "x" * 2001, "at most 2000 characters"),
        ("choice", "gin", "Select a valid choice"),
        ("choices", ["gin"], "Select a valid choice"),
        ("yes-no", "perhaps", "Select a valid choice"),
        ("number", "many", "Enter a number"),
        ("number", "NaN", "Enter a number"),
        ("number", "9" * 20, "no more than"),
        ("date", "soon", "Enter a valid date"),
        ("country", "Atlantis", "Select a valid choice"),
        ("province", "KH-26", "Select a valid choice"),
        ("phone", "call me", "does not look like a telephone number"),
    ],
)
def test_what_is_no_answer_is_refused_beside_the_question_and_kept(client, edition, kind, typed, sentence):
    question = make.question(edition, kind, choices=["tea", "milk"])

    answer = send(client, edition, **{question.field_name: typed})

    assert answer.status_code == 422
    ((field, sentences),) = answer.context["form"].errors.items()
    assert field == question.field_name
    assert sentence in sentences[0]
    assert 'value="SOK Dara"' in answer.content.decode()
    assert Registration.objects.count() == 0


@pytest.mark.parametrize("kind", ["text", "choice", "choices", "yes-no", "number", "date", "file", "country", "phone"])
def test_what_must_be_answered_is_asked_for_and_what_may_be_left_out_keeps_no_row(client, edition, kind):
    question = make.question(edition, kind, choices=["tea"], is_required=True)

    assert list(send(client, edition).context["form"].errors) == [question.field_name]

    type(question).objects.update(is_required=False)
    assert send(client, edition).status_code == 302
    assert kept() == []


def test_a_question_for_one_pass_is_not_asked_of_another(client, edition):
    media = make.pass_type(edition, slug="media")
    question = make.question(edition, is_required=True, passes=[media])

    assert send(client, edition, **{question.field_name: "for nothing"}).status_code == 302
    assert kept() == []
    again = send(client, edition, email="other@example.org", pass_type="media")
    assert list(again.context["form"].errors) == [question.field_name]


@pytest.mark.parametrize(
    ("kind", "wanted", "first", "is_asked"),
    [
        ("yes-no", "yes", "yes", True),
        ("yes-no", "yes", "no", False),
        ("yes-no", "yes", "", False),
        ("choice", "tea", "tea", True),
        ("choice", "tea", "milk", False),
        ("choices", "tea", ["milk", "tea"], True),
        ("choices", "tea", ["milk"], False),
        ("text", "", "anything", True),
        ("text", "", "", False),
    ],
)
def test_a_question_that_follows_is_asked_on_that_answer_alone(client, edition, kind, wanted, first, is_asked):
    before = make.question(edition, kind, choices=["tea", "milk"])
    after = make.question(edition, is_required=True, shown_after=before, shown_on=wanted)

    answer = send(client, edition, **{before.field_name: first, after.field_name: ""})

    assert answer.status_code == (422 if is_asked else 302)
    if not is_asked:
        filled = {before.field_name: first, after.field_name: "kept from before", "email": "o@example.org"}
        send(client, edition, **filled)
        assert "kept from before" not in kept()


def test_what_hangs_on_a_question_that_is_not_asked_is_not_asked_either(client, edition):
    media = make.pass_type(edition, slug="media")
    first = make.question(edition, "yes-no", passes=[media])
    second = make.question(edition, "yes-no", shown_after=first, shown_on="yes")
    third = make.question(edition, is_required=True, shown_after=second, shown_on="yes")
    typed = {first.field_name: "yes", second.field_name: "yes"}

    assert send(client, edition, **typed).status_code == 302
    assert list(send(client, edition, **typed, pass_type="media", email="o@example.org").context["form"].errors) == [
        third.field_name
    ]


def test_questions_that_follow_each_other_in_a_circle_are_asked_of_nobody(client, edition):
    first = make.question(edition, is_required=True)
    second = make.question(edition, shown_after=first)
    type(first).objects.filter(pk=first.pk).update(shown_after=second)

    assert send(client, edition, **{first.field_name: "x", second.field_name: "y"}).status_code == 302
    assert kept() == []


def test_a_question_no_longer_asked_is_gone_with_those_that_follow_it(client, edition):
    before = make.question(edition, is_asked=False)
    make.question(edition, shown_after=before)
    make.question(cms.edition(slug="other"))

    page = client.get(reverse("register:form", args=[edition.slug]))

    assert page.context["form"].questions == []


def test_the_form_is_in_the_readers_language_and_says_for_whom_a_question_is(client, edition):
    media = make.pass_type(edition, slug="media", name_en="Media")
    before = make.question(edition, "choice", label_en="Drink?", label_km="ភេសជ្ជៈ?", choices=["tea", "milk"])
    make.question(edition, label_en="Sugar?", help_en="For the kitchen.", shown_after=before, shown_on="tea", passes=[media])
    address = reverse("register:form", args=[edition.slug])

    page = client.get(address).content.decode()

    assert "For the kitchen. Only for: Media. Only if you answered “Drink?” with “Tea”." in page
    assert f'data-passes="media" data-after="{before.field_name}" data-on="tea"' in page
    assert "js/questions" in page
    assert "ភេសជ្ជៈ?" in client.get(address.replace("/en/", "/km/")).content.decode()


def test_lists_of_places_stand_in_the_order_of_the_readers_dictionary(edition):
    question = make.question(edition, "province")
    names = {}
    for language in ("en", "km"):
        with translation.override(language):
            field = answering.field_of(question)
            names[language] = [name for code, name in field.choices if code]

    assert (len(names["en"]), names["en"][:2]) == (25, ["Banteay Meanchey", "Battambang"])
    assert (len(names["km"]), names["km"][:2]) == (25, ["កណ្ដាល", "កែប"])


# Files


def test_a_file_is_kept_under_a_name_of_ours(client, edition):
    question = make.question(edition, "file")

    send(client, edition, **{question.field_name: SimpleUploadedFile("../../passport of Dara.pdf", PDF)})

    answer = Answer.objects.get()
    assert answer.value == "PDF"
    assert answer.file.name.startswith(f"answers/{question.code}/") and answer.file.name.endswith(".pdf")
    assert "passport" not in answer.file.name
    assert content_of(answer) == PDF


def test_a_picture_is_drawn_anew(client, edition):
    question = make.question(edition, "file")

    send(client, edition, **{question.field_name: SimpleUploadedFile("me.pdf", picture() + b"<script>")})

    answer = Answer.objects.get()
    assert (answer.value, answer.file.name[-4:]) == ("PNG", ".png")
    assert b"<script>" not in content_of(answer)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("page.html", b"<script>alert(1)</script>", "Only PDF files and pictures (JPEG, PNG) are taken."),
        ("page.pdf", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Only PDF files and pictures (JPEG, PNG) are taken."),
        ("large.pdf", PDF + b" " * 5_000_000, "The file is larger than"),
        ("empty.pdf", b"", "The submitted file is empty."),
    ],
)
def test_other_files_are_refused_beside_the_question(client, edition, name, content, sentence):
    question = make.question(edition, "file")

    answer = send(client, edition, **{question.field_name: SimpleUploadedFile(name, content)})

    assert sentence in answer.context["form"].errors[question.field_name][0]
    assert Registration.objects.count() == 0


@pytest.mark.parametrize("wrong", [{"email": ""}, {"pass_type": "full"}])
def test_where_the_form_comes_back_the_file_is_asked_for_again(client, edition, wrong):
    make.pass_type(edition, slug="full", size=0)
    question = make.question(edition, "file")

    answer = send(client, edition, **{question.field_name: SimpleUploadedFile("a.pdf", PDF)} | wrong)

    assert answer.context["form"].errors[question.field_name] == ["Please choose the file again."]


# Keeping


def test_keeping_again_changes_only_what_differs(edition):
    registration = make.registration(of=edition.pass_types.get())
    tea, milk, rice = (make.question(edition, label_en=name) for name in ("tea", "milk", "rice"))
    answering.keep(registration, {tea: "green", milk: "warm"})
    before = Answer.objects.get(question=tea)

    assert answering.keep(registration, {tea: "green", rice: "much"})
    assert not answering.keep(registration, {tea: "green", rice: "much"})

    assert kept() == ["green", "much"]
    assert Answer.objects.get(question=tea) == before


def test_a_file_stays_until_another_takes_its_place(edition, django_capture_on_commit_callbacks):
    registration = make.registration(of=edition.pass_types.get())
    question = make.question(edition, "file")
    answering.keep(registration, {question: ContentFile(PDF, name="a.pdf")})
    first = Answer.objects.get().file.name

    with django_capture_on_commit_callbacks(execute=True):
        assert not answering.keep(registration, {question: None})
        assert default_storage.exists(first)
        assert answering.keep(registration, {question: ContentFile(PDF, name="b.pdf")})

    assert not default_storage.exists(first)
    assert Answer.objects.get().file.name != first


def test_a_registration_with_answers_stays_under_forty_queries(client, edition, django_assert_max_num_queries):
    for kind in ("text", "choice", "choices", "country", "phone"):
        make.question(edition, kind, choices=["tea", "milk"], passes=[edition.pass_types.get()])
    typed = {question.field_name: "tea" for question in edition.questions.filter(kind__in=["text", "choice", "choices"])}

    with django_assert_max_num_queries(QUERIES):
        assert send(client, edition, **typed).status_code == 302
    assert len(kept()) == 3


QUERIES = 30
