"""Proposals in the back office: asked for, watched, read with their reasons, pinned, compared, published; offers by hand."""

import pytest
from django.contrib.auth.models import Permission
from wagtail.models import ModelLogEntry

from exhibitors import proposing
from exhibitors.models import AllocationRun, Booking
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.factories import proposals
from tests.pages import Page, get

pytestmark = pytest.mark.django_db

LIST = "/cms/snippets/exhibitors/allocationrun/"
PROPOSE = "/cms/exhibition/proposals/new/"
OFFER = "/cms/exhibition/offers/new/"
WEIGHTS = {"ranks": "100, 80", "near": 60, "country": 20, "rivals": 40, "route": 25}


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def organiser(client):
    user = make.exhibition_manager(email="organiser@example.org")
    user.user_permissions.add(Permission.objects.get(codename="view_allocationrun"))
    client.force_login(user)
    return user


@pytest.fixture
def booths(edition):
    return proposals.fair(edition, 2, name_en="Companies")


@pytest.fixture
def rows(edition, booths):
    return [
        proposals.accepted(edition, "Ministry of Light", wishes=booths),
        proposals.accepted(edition, "Ministry of Weight", wishes=[booths[0]], weight=2),
        proposals.accepted(edition, "Ministry of Space", wishes=[booths[0].zone], least_area=50),
    ]


@pytest.fixture
def run(edition, rows):
    proposing.ask(edition=edition, user=None, seed=1)
    proposing.do_next()
    return edition.allocation_runs.get()


def page_of(run):
    return f"{LIST}inspect/{run.pk}/"


def act(run, name):
    return f"/cms/exhibition/proposals/{run.pk}/{name}/"


def text(page):
    return " ".join(page.words("main"))


def read(response):
    return text(Page(response))


def hidden(page):
    """What says which warnings were read."""
    return page.all("[name=read]")[0].get("value")


def lines(page):
    """Each row of the table of applications, without its button."""
    cells = page.words(".proposal__lines tbody :is(th, td)")
    return [cells[start : start + 4] for start in range(0, len(cells), 5)]


def test_a_proposal_is_asked_for_with_its_seed_and_points(client, organiser, edition, rows):
    response = client.post(PROPOSE, {"edition": edition.pk, "seed": "7", **WEIGHTS})

    run = AllocationRun.objects.get()
    assert response.url == page_of(run)
    assert (run.state, run.seed, run.asked_by) == ("queued", 7, organiser)
    assert run.weights == {
        "ranks": [100, 80], "near": 60, "country": 20, "rivals": 40, "route": 25, "unplaced": 1000
    }  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"ranks": "many"}, "Write whole numbers with commas between them"),
        ({"ranks": "50, 60"}, "none is more than the one before"),
        ({"ranks": "501"}, "Each is from 0 to 500"),
        ({"ranks": " , "}, "Each is from 0 to 500"),
        ({"seed": "-1"}, "greater than or equal to 0"),
        ({"near": "501"}, "less than or equal to 500"),
    ],
)
def test_what_cannot_be_meant_is_told_beside_the_field_and_kept(client, organiser, edition, rows, typed, sentence):
    response = client.post(PROPOSE, {"edition": edition.pk, **WEIGHTS, **typed})

    page = Page(response)
    (name,) = typed
    assert sentence in " ".join(page.words(f"#panel-child-{name}-errors, .error-message, .w-field__errors"))
    assert [field.get("value") for field in page.all(f"[name={name}]")] == [typed[name]]
    assert not AllocationRun.objects.exists()


def test_what_the_act_refuses_is_told(client, organiser, edition):
    response = client.post(PROPOSE, {"edition": edition.pk, **WEIGHTS})

    assert "No accepted application waits for a booth." in read(response)


def test_while_it_is_at_work_the_page_loads_itself_again_and_can_stop_it(client, organiser, edition, rows):
    run = proposing.ask(edition=edition, user=organiser)

    response = client.get(page_of(run))
    assert (response["Refresh"], "Cancel the proposal" in read(response)) == ("3", True)

    assert client.post(act(run, "cancel")).url == page_of(run)
    response = client.get(page_of(run))
    assert "Refresh" not in response
    assert "what came out of it was thrown away" in read(response)
    assert "had ended already" not in read(client.post(act(run, "cancel"), follow=True))
    assert ModelLogEntry.objects.filter(action="exhibitors.cancel_proposal").count() == 1


def test_of_one_that_has_ended_it_is_said(client, organiser, run):
    assert "had ended already" in read(client.post(act(run, "cancel"), follow=True))


def test_how_long_it_took_is_no_time_of_the_day_and_its_digest_no_question(client, organiser, run):
    run.__class__.objects.update(seconds=0.04)

    khmer = read(client.get(page_of(run), headers={"Accept-Language": "km"}))

    assert "រយៈពេលគណនា0.04 វិនាទី" in khmer
    assert f"កូដសង្ខេបនៃអ្វីដែលបានសួរ{run.digest}" in khmer


def test_each_line_says_which_booth_which_wish_and_why_no_better_one(client, organiser, run):
    page = get(client, page_of(run))

    assert "2 of 3 applications have a booth" in text(page)
    assert "proven: none is better" in text(page)
    assert lines(page) == [
        [
            "Ministry of Light",
            "A02 Companies",
            "wish 2",
            "1. Booth A01 Ministry of Weight has it: there it counts 200 points, here 100.",
        ],
        ["Ministry of Space", "–", "no booth", "1. Zone “Companies” The size does not fit."],
        ["Ministry of Weight", "A01 Companies", "wish 1", "–"],
    ]
    assert "No booth fits Ministry of Space. Of the one that comes closest: The size does not fit." in text(page)


def test_how_many_got_which_wish_is_drawn(client, organiser, run):
    page = get(client, page_of(run))

    assert list(zip(page.words(".bars dt"), page.words(".bars dd"), strict=True)) == [
        ("wish 1", "1"),
        ("wish 2", "1"),
        ("another booth", "0"),
        ("no booth", "1"),
    ]


def test_the_plan_shows_who_would_stand_where(client, organiser, run):
    page = get(client, page_of(run))

    assert page.words(".floor--proposal g title") == ["A01 · Ministry of Weight", "A02 · Ministry of Light"]


def test_a_line_is_pinned_and_let_go(client, organiser, run, rows, booths):
    line = run.lines.get(application=rows[0])
    address = f"/cms/exhibition/proposals/lines/{line.pk}/pin/"

    page = Page(client.post(address, follow=True))
    rows[0].refresh_from_db()
    assert rows[0].pin == booths[1]
    assert "Ministry of Light is pinned to booth A02." in text(page)
    assert [button.get("aria-label") for button in page.all("[name=unpin]")] == ["Unpin Ministry of Light"]

    client.post(address, {"unpin": "1"})
    rows[0].refresh_from_db()
    assert rows[0].pin is None
    assert ModelLogEntry.objects.filter(action="exhibitors.pin").count() == 2


def test_a_booth_to_which_another_is_pinned_is_told(client, organiser, run, rows, booths):
    rows[1].pin = booths[1]
    rows[1].save()
    line = run.lines.get(application=rows[0])

    page = Page(client.post(f"/cms/exhibition/proposals/lines/{line.pk}/pin/", follow=True))

    assert "Another application is pinned to this booth." in text(page)


def test_two_proposals_are_compared(client, organiser, edition, run, rows, booths):
    first = get(client, page_of(run))
    assert "Compared with another proposal" not in text(first)
    rows[0].pin = booths[0]
    rows[0].save()
    other = proposing.ask(edition=edition, user=None)
    proposing.do_next()

    page = get(client, f"{page_of(other)}?beside={run.code}")

    assert page.words(".proposal__moved tbody tr") == ["Ministry of Light A02 A01", "Ministry of Weight A01 A02"]


def test_a_proposal_is_published_after_a_question(client, organiser, run):
    page = get(client, act(run, "publish"))
    assert "2 of 3 agencies get a letter with a booth" in text(page)

    client.post(act(run, "publish"))

    assert Booking.objects.filter(state="held", application__isnull=False).count() == 2
    assert "published already" in read(client.get(act(run, "publish"), follow=True))
    assert "Publish as offers" not in text(get(client, page_of(run)))


def test_one_that_no_longer_fits_is_told_why(client, organiser, run, booths):
    make.booking(booths[0])

    page = Page(client.post(act(run, "publish")))

    assert "Booth A01, proposed for Ministry of Weight, can no longer be given." in text(page)


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_number_of_queries(client, organiser, edition, rows, number, django_assert_num_queries):
    for _each in range(number):
        proposals.run(edition, booths={rows[0]: None})
    client.get(LIST)

    with django_assert_num_queries(12):
        assert client.get(LIST).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_so_does_the_page_of_one(client, organiser, edition, number, django_assert_num_queries):
    booths = proposals.fair(edition, number)
    rows = {proposals.accepted(edition, wishes=[booth]): booth for booth in booths}
    run = proposals.run(edition, booths=rows)
    client.get(page_of(run))

    with django_assert_num_queries(20):
        assert client.get(page_of(run)).status_code == 200


def test_a_booth_is_offered_by_hand(client, organiser, rows, booths):
    page = get(client, f"{OFFER}?application={rows[0].pk}")
    assert [option.get("value") for option in page.all("[name=application] [selected]")] == [str(rows[0].pk)]

    response = client.post(OFFER, {"application": rows[0].pk, "booth": booths[1].pk})

    assert response.status_code == 302
    assert Booking.objects.get().application == rows[0]


def test_what_speaks_against_it_is_told_before_the_second_press(client, organiser, rows, booths):
    typed = {"application": rows[2].pk, "booth": booths[1].pk}

    page = Page(client.post(OFFER, typed))
    assert "This speaks against booth A02 for Ministry of Space" in text(page)
    assert "The size does not fit." in text(page)
    assert not Booking.objects.exists()

    booths[1].is_accessible = False
    rows[2].needs_access = True
    rows[2].save()
    page = Page(client.post(OFFER, typed | {"read": hidden(page)}))
    assert "It is not accessible." in text(page), "what is new is told first"
    assert not Booking.objects.exists()

    client.post(OFFER, typed | {"read": hidden(page)})
    assert Booking.objects.get().booth == booths[1]


def test_what_the_act_refuses_by_hand_is_told(client, organiser, rows):
    elsewhere = proposals.fair(editions.edition(slug="other"), 1)[0]

    page = Page(client.post(OFFER, {"application": rows[0].pk, "booth": elsewhere.pk}))

    assert "The booth belongs to another forum." in text(page)


def test_who_may_not_decide_reads_and_does_nothing(client, run):
    reader = make.person()
    reader.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_allocationrun"]))
    client.force_login(reader)

    page = get(client, page_of(run))
    assert "Publish as offers" not in text(page) and "Pin" not in text(page)
    line = run.lines.first()
    for address in [PROPOSE, OFFER, act(run, "publish")]:
        assert client.get(address).status_code in (302, 403)
    for address in [act(run, "cancel"), f"/cms/exhibition/proposals/lines/{line.pk}/pin/"]:
        assert client.post(address).status_code in (302, 403)
    assert not Booking.objects.exists()
