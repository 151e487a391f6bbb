"""How booths were given, told to everybody once the organisers say so; and checked by whoever is handed the question."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from exhibitors import disclosing, posing, proposing
from exhibitors.models import AllocationRun, Booking, Booth
from exhibitors.placing import Problem, Weights
from exhibitors.placing.problem import digest
from tests.exhibitors.refusing import refused
from tests.factories import accounts, proposals
from tests.factories import cms as editions
from tests.factories import exhibitors as make
from tests.pages import get

pytestmark = pytest.mark.django_db

PAGE = "/en/next/exhibition/allocation/"


@pytest.fixture
def edition():
    return editions.edition()


@pytest.fixture
def user():
    return accounts.user(is_superuser=True)


@pytest.fixture
def made(edition):
    """A published proposal as a worker makes it: two want the first of two booths, one of them dearly."""
    first, second = proposals.fair(edition, 2)
    proposals.accepted(edition, "Dear Agency", [first], weight=3)
    other = proposals.accepted(edition, "Other Agency", [first, second])
    proposals.neighbour(other, make.agency("Nobody’s Rival"), "apart")
    run = proposing.ask(edition=edition, user=None, seed=7)
    assert proposing.do_next()
    AllocationRun.objects.update(published_at=timezone.now())
    run.refresh_from_db()
    return run


def history():
    shown = ModelLogEntry.objects.filter(action__in=["exhibitors.disclose", "exhibitors.hide"])
    return list(shown.order_by("pk").values_list("action", flat=True))


def told(client, run) -> dict:
    return json.loads(client.get(f"{PAGE}{run.code}.json").content)


def test_nothing_is_shown_before_the_organisers_say_so(client, made):
    assert client.get(PAGE).status_code == 404
    assert client.get(f"{PAGE}{made.code}.json").status_code == 404
    assert get(client, "/en/next/exhibition/").all("a[href$='/allocation/']") == []


def test_once_shown_everybody_reads_it_and_once_hidden_nobody(client, made, user):
    disclosing.show(run=made, user=user)
    disclosing.show(run=made, user=user)

    page = get(client, PAGE)
    assert page.rows()[-2:] == [
        ["Dear Agency", "A01", page.rows()[-2][2], "1"],
        ["Other Agency", "A02", page.rows()[-2][2], "2"],
    ]
    assert made.digest in page.words("dl.facts dd")[4]
    assert page.words("dl.facts dd")[0] == "2, of which 0 got no booth"
    for address in ("/en/next/exhibition/", "/en/next/exhibition/agencies/"):
        assert len(get(client, address).all("a[href$='/allocation/']")) == 1

    disclosing.hide(run=made, user=user)
    disclosing.hide(run=made, user=user)
    assert client.get(PAGE).status_code == 404
    assert history() == ["exhibitors.disclose", "exhibitors.hide"]


def test_who_got_no_booth_is_counted_and_not_named(client, edition):
    (booth,) = proposals.fair(edition, 1)
    rows = {proposals.accepted(edition, "Lucky"): booth, proposals.accepted(edition, "Left Out"): None}
    run = proposals.disclosed(edition, rows)

    page = get(client, PAGE)

    assert page.words("dl.facts dd")[0] == "2, of which 1 got no booth"
    assert "Left Out" not in page.tree.text_content()
    assert list(told(client, run)["answer"]) == ["A01"]


def test_the_public_file_says_what_was_given_and_not_who_asked_for_what(client, made, user):
    disclosing.show(run=made, user=user)

    assert told(client, made) == {
        "edition": "next",
        "proposal": made.code,
        "seed": 7,
        "score": made.score,
        "bound": made.bound,
        "digest": made.digest,
        "answer": {"A01": None, "A02": None},
    }


def test_the_public_file_names_who_is_an_exhibitor_there_and_nobody_else(client, made, user):
    disclosing.show(run=made, user=user)
    first, second = (line.application.agency for line in made.lines.order_by("booth__code"))
    make.booking(Booth.objects.get(code="A01"), first)
    other = make.booking(Booth.objects.get(code="A02"), make.agency("Meanwhile There"))
    assert told(client, made)["answer"] == {"A01": first.code, "A02": None}

    Booking.objects.filter(pk=other.pk).delete()
    make.booking(Booth.objects.get(code="A02"), second, state="held")
    assert told(client, made)["answer"] == {"A01": first.code, "A02": None}


def test_who_may_see_proposals_takes_out_the_question_and_that_stands_in_the_history(client, made, user):
    client.force_login(user)
    address = reverse("exhibition_question", args=[made.pk])
    inspect = reverse("wagtailsnippets_exhibitors_allocationrun:inspect", args=[made.pk])
    assert address in [link.get("href") for link in get(client, inspect).all("a")]

    response = client.get(address)

    assert response["Content-Disposition"] == f'attachment; filename="{made.code}-question.json"'
    said = json.loads(response.content)
    assert digest(said["question"]) == said["digest"] == made.digest
    assert Problem.read(said["question"]).digest == made.digest
    assert sorted(said["answer"].values()) == ["A01", "A02"]
    assert "Agency" not in response.content.decode() and "Rival" not in response.content.decode()
    assert [entry.user for entry in ModelLogEntry.objects.filter(action="exhibitors.question")] == [user]


def test_the_question_is_not_found_where_none_was_kept_and_refused_without_a_role(client, edition, made):
    without = reverse("exhibition_question", args=[proposals.run(edition).pk])
    client.force_login(accounts.user(is_superuser=True))
    assert client.get(without, follow=True).status_code == 404

    client.force_login(make.member(make.agency()))
    assert client.get(reverse("exhibition_question", args=[made.pk])).status_code == 403
    assert not ModelLogEntry.objects.filter(action="exhibitors.question").exists()


def test_the_question_is_kept_as_it_was_whatever_changes_later(made, edition):
    assert made.question == json.loads(json.dumps(made.question))
    edition.booths.update(width=900)

    assert digest(AllocationRun.objects.get().question) == made.digest
    assert posing.pose(edition, Weights()).digest != made.digest


def test_whoever_is_handed_the_question_checks_the_answer_without_a_database(client, made, user, tmp_path):
    disclosing.show(run=made, user=user)
    file, public, out = tmp_path / "whole.json", tmp_path / "public.json", StringIO()
    file.write_text(json.dumps(disclosing.whole(made)))
    public.write_bytes(client.get(f"{PAGE}{made.code}.json").content)

    call_command("check_allocation", file, public=public, stdout=out)
    call_command("check_allocation", file, stdout=out)

    said = f"As it is said: 2 of 2 placed, {made.score} points, no rule broken."
    assert out.getvalue().splitlines() == [said, said]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda public: public.update(digest="0" * 64, seed=8), "says something else of: seed, digest."),
        (lambda public: public.update(answer={"A01": None}), "says something else of: answer."),
        (lambda public: public.pop("answer"), "is no file of the page"),
        (lambda public: public.update(answer=3), "is no file of the page"),
    ],
)
def test_a_public_file_that_says_something_else_is_found_out(made, tmp_path, change, said):
    file, public, shown = tmp_path / "whole.json", tmp_path / "public.json", disclosing.as_data(made)
    change(shown)
    file.write_text(json.dumps(disclosing.whole(made)))
    public.write_text(json.dumps(shown))

    with pytest.raises(CommandError, match=said):
        call_command("check_allocation", file, public=public)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda said: said["question"]["booths"][0].update(width=301), "The question has the digest"),
        (lambda said: said.update(score=said["score"] + 1), "points, not"),
        (lambda said: said.update(answer=dict.fromkeys(said["answer"], "A01")), "The rule “taken” is broken for"),
        (lambda said: said["answer"].update(ZZZZZZ="A01"), "holds no question and answer"),
        (lambda said: said.pop("question"), "holds no question and answer"),
        (lambda said: said["question"].update(applications="many"), "holds no question and answer"),
    ],
)
def test_an_answer_that_was_changed_is_found_out(made, tmp_path, change, said):
    content = json.loads(json.dumps(disclosing.whole(made)))
    change(content)
    (tmp_path / "run.json").write_text(json.dumps(content))

    with pytest.raises(CommandError, match=said):
        call_command("check_allocation", tmp_path / "run.json")


def test_what_is_no_file_of_this_kind_is_refused(tmp_path):
    (tmp_path / "run.json").write_text("[]")

    for name in ("run.json", "nothing.json"):
        with pytest.raises(CommandError, match="holds no question and answer"):
            call_command("check_allocation", tmp_path / name)


def test_what_is_not_published_or_cannot_be_checked_is_not_shown(edition, user):
    run = proposals.run(edition)
    assert refused(disclosing.show, run=run, user=user)[0] == "unpublished"
    AllocationRun.objects.update(published_at=timezone.now())

    assert refused(disclosing.show, run=run, user=user) == (
        "no_question",
        ["The question of this proposal was not kept, so that nobody could check the answer."],
    )


def test_whoever_decides_on_nothing_shows_and_hides_nothing(made):
    for act in (disclosing.show, disclosing.hide):
        assert refused(act, run=made, user=accounts.user())[0] == "forbidden"


def test_an_unpublished_proposal_is_shown_by_nobody_past_the_act(edition):
    run = proposals.run(edition)

    with pytest.raises(IntegrityError), transaction.atomic():
        AllocationRun.objects.filter(pk=run.pk).update(disclosed_at=timezone.now())


def test_organisers_are_told_what_becomes_visible_before_they_show_it(client, made, user):
    client.force_login(user)
    address = reverse("exhibition_disclose", args=[made.pk])
    inspect = reverse("wagtailsnippets_exhibitors_allocationrun:inspect", args=[made.pk])
    assert address in [link.get("href") for link in get(client, inspect).all("a")]
    assert "What each application asked for is not shown" in get(client, address).tree.text_content()

    client.post(address)
    made.refresh_from_db()
    assert made.disclosed_by == user
    client.post(address)
    made.refresh_from_db()
    assert (made.disclosed_at, made.disclosed_by) == (None, None)


def test_an_agency_reads_its_own_reasons_on_its_desk_and_others_are_not_named(client, edition, made, user):
    make.call(edition)
    other = edition.applications.get(agency__name_en="Other Agency").agency
    client.force_login(make.member(other))
    address = f"/en/desk/agencies/{other.code}/next/application/"
    assert "How your booth was chosen" not in get(client, address).tree.text_content()
    disclosing.show(run=made, user=user)

    page = get(client, address)

    assert page.words("h2")[-1] == "How your booth was chosen"
    said = page.words("h2 ~ p, h2 ~ ul li")
    assert said[0] == "The proposal gave you booth A02. It meets your wish 2. How booths were given"
    assert said[1].startswith("1. Booth A01 Another applicant has it: there it counts")
    assert "Dear Agency" not in page.tree.text_content()


def test_of_several_rounds_each_can_be_read(client, edition):
    first, second = proposals.fair(edition, 2)
    older = proposals.disclosed(edition, {proposals.accepted(edition, "Early"): first})
    newer = proposals.disclosed(edition, {proposals.accepted(edition, "Late"): second})
    proposals.disclosed(editions.edition("other"), {})

    assert "Late" in get(client, PAGE).rows()[-1]
    assert "Early" in get(client, f"{PAGE}?run={older.code}").rows()[-1]
    assert get(client, PAGE).words("ul a .code") == [newer.code, older.code]
    assert client.get(f"{PAGE}?run=nothing").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_as_many_queries_for_three_agencies_as_for_one(client, edition, count, django_assert_num_queries):
    proposals.disclosed(edition, {proposals.accepted(edition): booth for booth in proposals.fair(edition, count)})

    with django_assert_num_queries(4):
        response = client.get(PAGE)
    assert (dict(response.cookies), "Cookie" in response.get("Vary", "")) == ({}, False)
