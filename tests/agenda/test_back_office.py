"""How organisers work with the programme."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agenda import scheduling
from agenda.models import Role, Room, Session, Speaker, Track
from tests.factories import agenda as make
from tests.factories import cms as editions

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return editions.edition()


def member(email, *permissions):
    user = get_user_model().objects.create_user(email=email, password="tell-nobody-1")
    for permission in ("wagtailadmin.access_admin", *permissions):
        app, codename = permission.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return user


SESSIONS = [
    f"agenda.{act}_{model}"
    for act in ("add", "change", "publish")
    for model in ("session", "speaker")
    if (act, model) != ("publish", "speaker")
]


@pytest.fixture
def editor(client):
    """One who edits the programme, signed in."""
    user = member("editor@example.org", *SESSIONS, "agenda.change_slot", "agenda.change_room", "agenda.change_track")
    client.force_login(user)
    return user


def address(name, model=Session, *args):
    return reverse(model.snippet_viewset.get_url_name(name), args=args)


def typed(session, **changes) -> dict:
    """What the session's form sends."""
    roles = list(session.roles.all()) if session.pk else []
    values = {
        "edition": session.edition.pk,
        "kind": session.kind,
        "language": session.language,
        "track": "",
        "roles-TOTAL_FORMS": len(roles),
        "roles-INITIAL_FORMS": len(roles),
        "roles-MIN_NUM_FORMS": 0,
        "roles-MAX_NUM_FORMS": 1000,
    }
    for name in ("title", "subtitle"):
        values |= {f"{name}_{code}": getattr(session, f"{name}_{code}") for code in ("en", "km")}
    for name in ("abstract", "description"):
        values |= {f"{name}_{code}": "null" for code in ("en", "km")}
    for number, role in enumerate(roles):
        values |= {
            f"roles-{number}-id": role.pk,
            f"roles-{number}-speaker": role.speaker_id,
            f"roles-{number}-part": role.part,
            f"roles-{number}-ORDER": number + 1,
        }
    return values | changes


def test_an_editor_saves_a_draft_and_publishing_shows_it(client, edition, editor):
    session = make.session(title_en="Before", at=make.moment(edition))

    client.post(address("edit", Session, session.pk), typed(session, title_en="After"))
    assert "After" not in client.get("/en/next/agenda/").content.decode()

    client.post(address("edit", Session, session.pk), typed(session, title_en="After", **{"action-publish": "1"}))
    page = client.get("/en/next/agenda/").content.decode()
    assert ("After" in page, "Before" in page) == (True, False)
    assert Session.objects.get().search_text == "after"


def test_a_new_session_with_its_people_begins_as_a_draft(client, edition, editor):
    ada = make.speaker()
    person = {
        "roles-TOTAL_FORMS": 1,
        "roles-0-speaker": ada.pk,
        "roles-0-part": "moderator",
        "roles-0-ORDER": 1,
        "roles-0-id": "",
    }

    client.post(address("add"), typed(Session(edition=edition), title_km="ពិធីបើក", **person))

    assert [(row.title_km, row.live) for row in Session.objects.all()] == [("ពិធីបើក", False)]
    assert [(role.speaker, role.part) for role in Role.objects.all()] == [(ada, "moderator")]


def test_a_session_without_any_title_is_refused(client, edition, editor):
    answer = client.post(address("add"), typed(Session(edition=edition)))

    assert "Write the title in English, in Khmer or in both." in answer.content.decode()
    assert not Session.objects.exists()


@pytest.mark.parametrize("language", ["klingon", "english", "xx"])
def test_a_word_that_is_no_language_is_refused(client, edition, editor, language):
    session = make.session(edition, language="km")

    answer = client.post(address("edit", Session, session.pk), typed(session, language=language))

    assert f"{language} is not one of the available choices" in answer.content.decode()
    assert Session.objects.get().language == "km"


def test_the_preview_is_the_public_page(client, edition, editor):
    session = make.session(title_en="As published", at=make.moment(edition), speakers=[make.speaker()])

    preview = address("preview_on_edit", Session, session.pk)
    assert client.post(preview, typed(session, title_en="As drafted")).json()["is_valid"]
    previewed = client.get(preview).content.decode()

    main = previewed[previewed.index("<article") : previewed.index("</article>")]
    client.logout()
    published = client.get(session.get_absolute_url()).content.decode()
    assert (
        main.replace("As drafted", "As published") == published[published.index("<article") : published.index("</article>")]
    )
    assert "As drafted" in main


def test_an_editor_gives_a_session_its_room_and_time_on_the_clock_of_the_venue(client, editor):
    edition = editions.edition(time_zone="Europe/Brussels")
    session, hall = make.session(), make.room()
    day = edition.opens_on

    client.post(
        reverse("programme_place", args=[session.pk]),
        {"room": hall.pk, "starts_at": f"{day}T09:00", "ends_at": f"{day}T10:30"},
    )

    slot = session.slots.get()
    assert (slot.room, slot.starts_at) == (hall, make.moment(edition, 9))


def test_a_refusal_stands_beside_its_field_and_what_was_typed_stays(client, edition, editor):
    make.session(title_en="There first", at=make.moment(edition, 9))
    session, day = make.session(), edition.opens_on

    answer = client.post(
        reverse("programme_place", args=[session.pk]),
        {"room": make.room().pk, "starts_at": f"{day}T09:30", "ends_at": f"{day}T10:30"},
    ).content.decode()

    assert "“There first” takes place there" in answer.replace("&quot;", '"')
    assert f'value="{day}T09:30"' in answer
    assert not session.slots.exists()


def test_an_editor_cancels_a_session_and_twice_is_told(client, edition, editor):
    session = make.session(at=make.moment(edition))
    for sentence in ("is cancelled.", "has been cancelled already."):
        answer = client.post(reverse("programme_cancel", args=[session.pk]), follow=True)
        assert sentence in answer.content.decode()
    assert session.slots.get().is_cancelled


def test_the_history_shows_the_acts(client, edition, editor):
    session = make.session()
    scheduling.place(
        session=session, room=make.room(), starts_at=make.moment(edition, 9), ends_at=make.moment(edition, 10), user=editor
    )

    history = client.get(address("history", Session, session.pk)).content.decode()

    assert f"Placed in Hall One on {edition.opens_on} 09:00" in history


def test_who_may_not_place_cannot(client, edition):
    session = make.session(at=make.moment(edition))
    client.force_login(member("reader@example.org", "agenda.view_session"))

    for name in ("programme_place", "programme_cancel"):
        assert client.post(reverse(name, args=[session.pk]))["Location"] == reverse("wagtailadmin_home")
    client.logout()
    answer = client.get(reverse("programme_place", args=[session.pk]))
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("account_login"))
    assert not session.slots.get().is_cancelled


@pytest.mark.parametrize(
    ("model", "row"), [(Session, make.session), (Speaker, make.speaker), (Room, make.room), (Track, make.track)]
)
def test_lists_search_in_both_scripts_and_export(client, edition, editor, model, row):
    name = "title" if model is Session else "name"
    row(**{f"{name}_en": "Alpha", f"{name}_km": "សេវាឌីជីថល"})
    row(**{f"{name}_en": "Beta"})

    for words in ("alpha", "ឌីជីថល"):
        page = client.get(address("list", model), {"q": words}).content.decode()
        assert ("Alpha" in page, "Beta" in page) == (True, False)
    export = client.get(address("list", model), {"export": "csv"})
    lines = b"".join(export.streaming_content).decode().splitlines()
    assert len(lines) == 3


def test_the_list_of_sessions_costs_the_same_whatever_its_length(client, edition, editor):
    counts = []
    for number, rows in ((0, 1), (1, 2)):
        for row in range(rows):
            name = f"{number}.{row}"
            make.session(title_en=name, at=make.moment(edition, 9), room=make.room(name), track=make.track(name))
        client.get(address("list"))  # what the process keeps is found once
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address("list")).status_code == 200
        counts.append(len(captured))

    # Most of them are Wagtail's own and change with other rooms' menus, so only their growth is a promise of this one.
    assert counts[0] == counts[1]


def test_a_room_or_speaker_of_the_programme_is_not_deleted(client, edition):
    client.force_login(get_user_model().objects.create_superuser("root@example.org"))
    ada = make.speaker()
    session = make.session(at=make.moment(edition), speakers=[ada])
    free = make.room("Free")

    for row in (ada, session.room, free):
        client.post(address("delete", type(row), row.pk))
        client.post(f"{reverse('wagtail_bulk_action', args=['agenda', row._meta.model_name, 'delete'])}?id={row.pk}")

    assert (list(Speaker.objects.all()), list(Room.objects.all())) == ([ada], [session.room])


def test_the_forms_run_no_script_inside_the_page(client, edition, editor):
    session = make.session(at=make.moment(edition), speakers=[make.speaker()])

    for page in (address("edit", Session, session.pk), address("add"), reverse("programme_place", args=[session.pk])):
        scripts = re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>", client.get(page).content.decode())
        assert scripts == [], page


@pytest.mark.parametrize("kind", ["session", "room", "track", "speaker"])
def test_nothing_moves_to_another_edition(client, edition, editor, kind):
    row = make.session(edition) if kind == "session" else getattr(make, kind)(edition=edition)
    other = editions.edition("other")
    sent = typed(row) if kind == "session" else {"name_en": row.name_en, "name_km": "", "position": "0"}

    answer = client.post(address("edit", type(row), row.pk), sent | {"edition": other.pk, "action-publish": "1"})

    assert "This stays with its edition" in answer.content.decode()
    row.refresh_from_db()
    assert row.edition == edition


def test_a_session_takes_neither_track_nor_people_of_another_edition(client, edition, editor):
    session, other = make.session(edition), editions.edition("other")
    people = {
        "roles-TOTAL_FORMS": "1", "roles-0-id": "", "roles-0-speaker": make.speaker("Bo Example", edition=other).pk,
        "roles-0-part": "speaker", "roles-0-ORDER": "1", "roles-0-DELETE": "",
    }  # fmt: skip

    foreign = client.post(address("edit", Session, session.pk), typed(session, track=make.track(edition=other).pk))
    strangers = client.post(address("edit", Session, session.pk), typed(session) | people)

    assert "belongs to another edition" in foreign.content.decode()
    assert "is on the programme of another edition" in strangers.content.decode()
    assert not session.roles.exists()


def test_a_track_that_sessions_carry_is_not_deleted(client, edition):
    track = make.track(edition=edition)
    make.session(edition, track=track)
    client.force_login(member("organiser@example.org", "agenda.delete_track", "agenda.view_track"))

    client.post(address("delete", Track, track.pk))

    assert Track.objects.filter(pk=track.pk).exists()


@pytest.mark.parametrize("number", ["abc", "99999999999999999999"])
def test_a_bulk_act_on_a_row_that_cannot_be_is_not_found(client, edition, number):
    client.force_login(member("organiser@example.org", "agenda.delete_track", "agenda.view_track"))

    assert client.get(f"/cms/bulk/agenda/track/delete/?id={number}", follow=True).status_code == 404
