"""Two who edit the same page or session: nobody covers what another saved meanwhile without knowing it."""

from functools import partial

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from lxml import html

from agenda.models import Role, Session
from tests.factories import agenda as make
from tests.factories import cms as editions
from tests.factories import home
from tests.signing_in import Visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def session(edition):
    return make.session(title_en="As it was", speakers=[make.speaker("Ada Example"), make.speaker("Bo Example")])


@pytest.fixture
def page(edition):
    return home.content_page(home.edition_page(edition), title="As it was")


def editor(client_class, name):
    """One who may edit everything, at a browser of their own."""
    client = client_class()
    client.force_login(get_user_model().objects.create_superuser(f"{name}@example.org"))
    return client


@pytest.fixture
def ada(client):
    return editor(type(client), "ada")


@pytest.fixture
def bo(client):
    return editor(type(client), "bo")


def address(row) -> str:
    if isinstance(row, Session):
        return reverse(row.snippet_viewset.get_url_name("edit"), args=[row.pk])
    return reverse("wagtailadmin_pages:edit", args=[row.pk])


def form_of(answer) -> dict:
    """What a browser would send from the editor's form; Wagtail's script adds how many blocks there are."""
    (form,) = html.document_fromstring(answer.content.decode()).xpath("//form[@data-edit-form]")
    blank = {field.name: "" for field in form.xpath(".//input[@name and @type='hidden' and not(@value)]")}
    filled = {name: value for name, value in form.form_values() if not name.startswith("action-")}
    return {"body-count": "0"} | blank | filled


def error_in(answer) -> str:
    found = html.document_fromstring(answer.content.decode()).find_class("messages")
    return " ".join(" ".join(part.text_content() for part in found).split())


def titles(row) -> list[str]:
    """The title of every version, the oldest first."""
    name = "title_en" if isinstance(row, Session) else "title"
    return [revision.content[name] for revision in row.revisions.order_by("pk")]


def title_of(row) -> str:
    return "title_en" if isinstance(row, Session) else "title"


@pytest.fixture(params=["session", "page"])
def row(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(params=["never saved before", "saved before"])
def opened(request, row, ada, bo):
    """The form of the row, opened by both."""
    if request.param == "saved before":
        row.save_revision()
    return form_of(ada.get(address(row))), form_of(bo.get(address(row)))


@pytest.mark.parametrize("act", [{}, {"action-publish": "action-publish"}])
def test_the_second_to_save_is_told_by_whom_and_loses_nothing(row, ada, bo, opened, act):
    adas, bos = opened
    before = titles(row)
    assert ada.post(address(row), adas | act | {title_of(row): "By Ada"}).status_code == 302

    answer = bo.post(address(row), bos | act | {title_of(row): "By Bo"})

    assert "ada@example.org saved “By Ada” at" in error_in(answer)
    assert titles(row) == [*before, "By Ada"]
    assert form_of(answer)[title_of(row)] == "By Bo"
    row.refresh_from_db()
    assert getattr(row, title_of(row)) == ("By Ada" if act else "As it was")


def test_saved_again_knowingly_it_takes_the_place_and_both_are_kept(row, ada, bo, opened):
    adas, bos = opened
    before = titles(row)
    ada.post(address(row), adas | {title_of(row): "By Ada"})
    refused = bo.post(address(row), bos | {title_of(row): "By Bo"})

    assert bo.post(address(row), form_of(refused)).status_code == 302

    assert titles(row) == [*before, "By Ada", "By Bo"]


def test_the_refusal_leads_to_what_the_other_changed(row, ada, bo):
    row.save_revision()
    first = form_of(bo.get(address(row)))
    ada.post(address(row), form_of(ada.get(address(row))) | {title_of(row): "By Ada"})

    answer = bo.post(address(row), first | {title_of(row): "By Bo"})

    (link,) = html.document_fromstring(answer.content.decode()).xpath("//a[contains(., 'See what they changed')]")
    comparison = bo.get(link.get("href")).content.decode()
    assert "By Ada" in comparison


def test_who_saves_alone_is_never_stopped(row, ada):
    for title in ("One", "Two", "Three"):
        answer = ada.post(address(row), form_of(ada.get(address(row))) | {title_of(row): title})
        assert answer.status_code == 302

    assert titles(row) == ["One", "Two", "Three"]


def test_what_the_script_saved_of_ones_own_is_no_reason_to_stop(row, ada, opened):
    form, _ = opened
    before = titles(row)
    for title in ("Half", "Nearly"):
        saved = ada.post(address(row), form | {title_of(row): title}, headers={"Accept": "application/json"}).json()
        form |= {"overwrite_revision_id": saved["revision_id"]}
    del form["overwrite_revision_id"]  # which the script sends along by itself, a button does not

    assert ada.post(address(row), form | {title_of(row): "Whole"}).status_code == 302

    assert titles(row) == [*before, "Nearly", "Whole"]


def test_the_second_is_told_too_when_the_version_they_opened_was_written_over(row, ada, bo):
    form = form_of(ada.get(address(row)))
    half = ada.post(address(row), form | {title_of(row): "Half"}, headers={"Accept": "application/json"}).json()
    opened = form_of(bo.get(address(row)))
    form |= {"overwrite_revision_id": half["revision_id"], title_of(row): "Whole"}
    ada.post(address(row), form, headers={"Accept": "application/json"})

    answer = bo.post(address(row), opened | {title_of(row): "By Bo"})

    assert "ada@example.org saved “Whole” at" in error_in(answer)
    assert titles(row) == ["Whole"]


def test_an_older_version_can_be_taken_up_again(row, ada):
    old = row.save_revision()
    newer = form_of(ada.get(address(row))) | {title_of(row): "Newer"}
    ada.post(address(row), newer)
    revert = "wagtailadmin_pages:revisions_revert"
    if isinstance(row, Session):
        revert = row.snippet_viewset.get_url_name("revisions_revert")

    shown = form_of(ada.get(reverse(revert, args=[row.pk, old.pk])))

    assert ada.post(address(row), shown).status_code == 302
    assert titles(row) == ["As it was", "Newer", "As it was"]


@pytest.mark.parametrize("act", [{}, {"action-publish": "action-publish"}])
def test_people_whom_the_first_took_out_are_still_in_the_form_of_the_second(session, ada, bo, act):
    adas, bos = form_of(ada.get(address(session))), form_of(bo.get(address(session)))
    ada.post(address(session), adas | act | {"roles-0-DELETE": "on"})

    refused = bo.post(address(session), bos | act | {"roles-1-part": "moderator"})

    assert refused.status_code == 200
    assert bo.post(address(session), form_of(refused) | {"action-publish": "action-publish"}).status_code == 302
    people = Role.objects.filter(session=session).values_list("speaker__name_en", "part")
    assert list(people) == [("Ada Example", "speaker"), ("Bo Example", "moderator")]


def test_wagtails_own_script_is_refused_too(row, ada, bo, opened):
    adas, bos = opened
    ada.post(address(row), adas | {title_of(row): "By Ada"})
    before = titles(row)

    answer = bo.post(address(row), bos | {title_of(row): "By Bo"}, headers={"Accept": "application/json"})

    assert (answer.status_code, answer.json()["error_code"]) == (400, "invalid_revision")
    assert titles(row) == before


@pytest.mark.parametrize("number", ["", "x", "٣", "9" * 30])
def test_a_form_that_names_no_known_version_is_refused(row, ada, number):
    row.save_revision()

    answer = ada.post(address(row), form_of(ada.get(address(row))) | {"loaded_revision_id": number})

    assert "Somebody saved “As it was” at" in error_in(answer)


at_home = partial(Visitor, SERVER_NAME="localhost")


def prepare_race() -> dict:
    session = make.session(editions.edition(), title_en="As it was")
    session.save_revision()
    visitor = editor(at_home, "first")
    editor(at_home, "second")
    return form_of(visitor.get(address(session)))


def save_in_race(name, form) -> int:
    visitor = at_home()
    visitor.force_login(get_user_model().objects.get(email=f"{name}@example.org"))
    return visitor.post(address(Session.objects.get()), form | {"title_en": name}).status_code


def titles_in_race() -> list[str]:
    return titles(Session.objects.get())


def test_of_two_who_save_at_the_same_moment_one_is_told(race):
    form = race.prepare(prepare_race)

    answers = race(save_in_race, [{"name": name, "form": form} for name in ("first", "second")])

    assert sorted(answers) == [200, 302]
    assert race.inspect(titles_in_race) == ["As it was", ("first", "second")[answers.index(302)]]
