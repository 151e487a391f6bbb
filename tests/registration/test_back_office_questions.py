"""Questions are built by organisers; answers are read and corrected by staff, and their files are theirs alone."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.models import ModelLogEntry

from forum.registration import answering
from forum.registration.models import Answer, Question
from tests.factories import accounts, cms
from tests.factories import registration as make

pytestmark = pytest.mark.django_db
LIST = "wagtailsnippets_registration_question"


@pytest.fixture
def organiser(client):
    client.force_login(accounts.user(is_superuser=True))
    return client


def typed(edition, choices=(), **fields) -> dict:
    rows = {f"choices-{number}-{name}": value for number, (english, in_khmer) in enumerate(choices)
            for name, value in (("name_en", english), ("name_km", in_khmer), ("ORDER", number + 1))}  # fmt: skip
    management = {"choices-TOTAL_FORMS": len(choices), "choices-INITIAL_FORMS": 0, "choices-MIN_NUM_FORMS": 0}
    common = {"edition": edition.pk, "kind": "text", "label_en": "Food?", "is_asked": "on", "position": 5, "kept_days": 30,
              "condition": ""}  # fmt: skip
    return common | management | rows | fields


def test_a_question_with_choices_is_built_and_asked(organiser):
    edition = make.pass_type().edition
    choices = [("Tea", "តែ"), ("Milk", "ទឹកដោះគោ")]

    answer = organiser.post(reverse(f"{LIST}:add"), typed(edition, choices, kind="choice"))

    assert answer.status_code == 302
    (question,) = Question.objects.asked(edition)
    assert [(row.name_en, row.name_km) for row in question.choices.all()] == choices
    assert "តែ" in organiser.get(reverse("register:form", args=[edition.slug]).replace("/en/", "/km/")).content.decode()


def test_a_condition_is_kept_and_stands_in_the_form_again(organiser):
    edition = make.pass_type().edition
    before = make.question(edition, "yes-no", position=1)

    organiser.post(reverse(f"{LIST}:add"), typed(edition, condition=f"{before.code}:yes"))

    question = Question.objects.get(label_en="Food?")
    assert (question.shown_after, question.shown_on) == (before, "yes")
    page = organiser.get(reverse(f"{LIST}:edit", args=[question.pk]))
    assert page.context["form"]["condition"].value() == f"{before.code}:yes"


def test_any_answer_is_a_condition_too(organiser):
    edition = make.pass_type().edition
    before = make.question(edition, position=1)

    organiser.post(reverse(f"{LIST}:add"), typed(edition, condition=f"{before.code}:*"))

    assert Question.objects.filter(label_en="Food?").values_list("shown_after", "shown_on").get() == (before.pk, "")


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"kind": "choice"}, "kind"), ({"condition": "NOBODY:yes"}, "condition"), ({"position": -1}, "position")],
)
def test_a_question_that_cannot_be_answered_is_refused(organiser, fields, field):
    page = organiser.post(reverse(f"{LIST}:add"), typed(make.pass_type().edition, **fields))

    assert list(page.context["form"].errors) == [field]


def test_a_question_follows_none_that_stands_after_it_nor_itself_nor_one_elsewhere(organiser):
    edition = make.pass_type().edition
    own, after = make.question(edition, position=5), make.question(edition, position=6)
    elsewhere = make.question(cms.edition(slug="other"), position=0)

    for other in (own, after, elsewhere):
        page = organiser.post(reverse(f"{LIST}:edit", args=[own.pk]), typed(edition, condition=f"{other.code}:*"))
        assert list(page.context["form"].errors) == ["condition"]


def test_passes_of_another_edition_are_refused(organiser):
    other = make.pass_type(cms.edition(slug="other"))

    page = organiser.post(reverse(f"{LIST}:add"), typed(make.pass_type(cms.edition()).edition, passes=[other.pk]))

    assert list(page.context["form"].errors) == ["passes"]


def test_an_answered_question_keeps_its_kind_and_is_not_deleted(organiser):
    registration = make.registration()
    question = make.question(registration.edition)
    answering.keep(registration, {question: "rice"})

    page = organiser.post(reverse(f"{LIST}:edit", args=[question.pk]), typed(registration.edition, kind="number"))
    organiser.post(reverse(f"{LIST}:delete", args=[question.pk]))

    assert list(page.context["form"].errors) == ["kind"]
    assert Question.objects.get().kind == "text"


def test_the_list_costs_the_same_with_one_and_with_three(organiser, django_assert_num_queries):
    edition = make.pass_type().edition
    make.question(edition)
    organiser.get(reverse(f"{LIST}:list"))
    with django_assert_num_queries(QUERIES):
        organiser.get(reverse(f"{LIST}:list"))
    for _number in range(2):
        make.question(edition)

    with django_assert_num_queries(QUERIES):
        organiser.get(reverse(f"{LIST}:list"))


QUERIES = 10


# Answers


def answered(value="rice", kind="text"):
    registration = make.registration()
    question = make.question(registration.edition, kind, label_en="Food?")
    answering.keep(registration, {question: value})
    return registration, question


@pytest.mark.parametrize("view", ["edit", "inspect"])
def test_answers_stand_on_the_screen_of_the_registration(organiser, view):
    registration, _question = answered()

    page = organiser.get(reverse(f"wagtailsnippets_registration_registration:{view}", args=[registration.pk]))

    assert "Food?" in page.content.decode() and "rice" in page.content.decode()


def test_staff_correct_an_answer_and_the_history_says_so_without_it(organiser):
    registration, question = answered()
    make.question(registration.edition, is_required=True)  # which they may leave open
    address = reverse("registration_answers", args=[registration.pk])
    assert 'value="rice"' in organiser.get(address).content.decode()

    assert organiser.post(address, {question.field_name: "noodles"}).status_code == 302

    assert Answer.objects.get().value == "noodles"
    entry = ModelLogEntry.objects.get()
    assert (entry.action, list(entry.data)) == ("registration.answers", ["from"])


def test_a_file_is_handed_to_staff_as_something_to_save(client, settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path, "base_url": None}}
    }
    _registration, _question = answered(ContentFile(b"%PDF-", name="a.pdf"), "file")
    row = Answer.objects.get()
    address = reverse("registration_answer_file", args=[row.pk])
    client.force_login(accounts.user("wagtailadmin.access_admin", "registration.view_registration"))

    answer = client.get(address)

    assert answer.getvalue() == b"%PDF-"
    assert answer["Content-Disposition"] == f'attachment; filename="{row.file.name.rpartition("/")[2]}"'
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert ModelLogEntry.objects.get().action == "registration.answer_file"
    row.file.delete(save=False)
    Answer.objects.update(file="answers/gone.pdf")
    assert client.get(address, follow=True).status_code == 404


def test_a_file_is_not_for_those_who_may_not_see_registrations(client):
    client.force_login(accounts.user("wagtailadmin.access_admin"))

    assert client.get(reverse("registration_answer_file", args=[1]))["Location"] == reverse("wagtailadmin_home")
