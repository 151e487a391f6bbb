"""Groups of people in the back office: filters, counts, and acts upon all of them at once."""

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from post_office.models import Email
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from cms import caching
from forum.registration import back_office, back_office_filters, back_office_groups, consenting
from forum.registration.models import Registration
from tests.factories import accounts, cms, exhibitors
from tests.factories import registration as make
from tests.pages import Page, get

pytestmark = pytest.mark.django_db
LIST = "/cms/snippets/registration/registration/"
GROUP = "/cms/registrations/group/"


@pytest.fixture
def organiser(client):
    client.force_login(accounts.user(is_superuser=True))
    return client


@pytest.fixture
def people():
    """Three of one edition, each different, and one of another."""
    here, other = cms.edition(), cms.edition(slug="other")
    delegate, media = make.pass_type(here), make.pass_type(here, slug="media", name_en="Media")
    make.registration(make.pass_type(other), name_latin="ELSEWHERE Person")
    return [
        make.registration(delegate, name_latin="SOK Dara", name_km="សុខ ដារ៉ា", language="km"),
        make.registration(delegate, name_latin="CHAN Bopha", agency=exhibitors.agency("Ministry of Examples")),
        make.registration(media, name_latin="KEO Vanna", **make.aide()),
    ]


def found(**query):
    typed = QueryDict(mutable=True)
    for name, value in query.items():
        typed.setlist(name, value if isinstance(value, list) else [str(value)])
    return sorted(back_office_filters.of_query(typed).people.values_list("name_latin", flat=True))


def test_whose_consent_is_due_is_found_as_their_own_page_asks(people):
    sok, chan, _keo = people
    assert found(edition=sok.edition_id, consent="due") == []  # nothing is in force
    first = make.notice(sok.edition, ago=120)
    for person in (sok, chan):
        consenting.keep(person, first)
    Registration.objects.filter(pk=chan.pk).update(holder_no=2)
    assert found(edition=sok.edition_id, consent="due") == ["CHAN Bopha", "KEO Vanna"]

    make.notice(sok.edition, version=2, ago=90)
    assert found(edition=sok.edition_id, consent="due") == ["CHAN Bopha", "KEO Vanna"]
    now = make.notice(sok.edition, version=3, ago=60, is_material=True)

    assert found(edition=sok.edition_id, consent="due") == ["CHAN Bopha", "KEO Vanna", "SOK Dara"]
    consenting.keep(sok, now)
    for person in Registration.objects.of(sok.edition):
        is_due = consenting.is_due(person, now, consenting.latest(person))
        assert is_due == (person.name_latin in found(edition=sok.edition_id, consent="due"))


def test_each_filter_finds_its_people(people):
    sok, chan, keo = people
    Registration.objects.filter(pk=keo.pk).update(coming="asked")
    here = sok.edition_id

    assert found(edition=here) == ["CHAN Bopha", "KEO Vanna", "SOK Dara"]
    assert found(pass_type=keo.pass_type_id) == ["KEO Vanna"]
    assert found(edition=here, language="km") == ["SOK Dara"]
    assert found(agency=chan.agency_id) == ["CHAN Bopha"]
    assert found(edition=here, own_address="none") == ["KEO Vanna"]
    assert found(edition=here, own_address="own") == ["CHAN Bopha", "SOK Dara"]
    assert found(edition=here, coming="asked") == ["KEO Vanna"]
    assert found(edition=here, coming="none") == ["CHAN Bopha", "SOK Dara"]
    assert found(edition=here, q="ដារ៉ា") == ["SOK Dara"]
    assert found(edition=here, state=["waiting", "refused"]) == []
    assert found(registered_at_from="2100-01-01") == []
    assert found(edition=here, registered_at_to="2100-01-01") == ["CHAN Bopha", "KEO Vanna", "SOK Dara"]
    assert found(edition=here, id=[str(chan.pk), str(sok.pk)]) == ["CHAN Bopha", "SOK Dara"]
    assert found(edition=here, id=["all"]) == ["CHAN Bopha", "KEO Vanna", "SOK Dara"]


def test_how_somebody_registered_is_a_filter():
    delegation = make.delegation()
    named = make.delegate(delegation)
    code = make.access_code(make.pass_type(named.edition, slug="speaker", access="code"))
    with_code = make.registration(code.pass_type, code=code.code)
    alone = make.registration(make.pass_type(named.edition, slug="public"))

    ways = {way: found(way=way) for way in ("self", "code", "delegation", "link")}

    assert ways == {
        "self": [alone.name_latin], "code": [with_code.name_latin], "delegation": [named.name_latin], "link": [],
    }  # fmt: skip


@pytest.mark.parametrize("query", ["edition=0", "state=mad", "coming=maybe", "registered_at_from=yesterday", "id=1;DROP"])
def test_what_cannot_be_read_is_nobody_and_never_everybody(organiser, people, query):
    with pytest.raises(ValidationError):
        back_office_filters.of_query(QueryDict(query))

    rows = Page(organiser.get(f"{LIST}?{query}")).words("#listing-results tbody td.title") if "id" not in query else []
    assert rows == []


def test_a_group_is_told_in_words_without_the_words_searched_for(people):
    query = QueryDict(f"edition={people[0].edition_id}&state=confirmed&q=sok")

    told = back_office_filters.of_query(query).chosen_by

    assert told == f"Edition: {people[0].edition}; State: Confirmed; found by words"


def test_figures_count_what_is_filtered(organiser, people):
    Registration.objects.filter(pk=people[1].pk).update(coming="yes")
    Registration.objects.filter(pk=people[2].pk).update(state="withdrawn")

    page = get(organiser, f"{LIST}?edition={people[0].edition_id}")

    assert page.words(".figures tbody td") == ["2", "0", "2", "0", "1", "1"]
    assert page.words(".figures tfoot td") == ["2", "1", "3"]
    assert page.words(".bars dd") == ["1", "0", "1"]


def test_figures_of_many_are_counted_anew_after_some_seconds_or_after_an_act_of_staff(organiser, people, monkeypatch):
    monkeypatch.setattr(caching, "is_on", lambda: True)
    monkeypatch.setattr(back_office_filters, "MANY", len(people))
    before = figures_of(organiser, people)

    Registration.objects.filter(pk=people[2].pk).update(state="withdrawn")
    kept = figures_of(organiser, people)
    log(instance=people[0], action="wagtail.edit", user=accounts.user())
    after = figures_of(organiser, people)

    assert (before, kept, after) == (["3", "3"], ["3", "3"], ["2", "1", "3"])


def test_figures_of_few_are_counted_each_time(organiser, people, monkeypatch):
    monkeypatch.setattr(caching, "is_on", lambda: True)
    monkeypatch.setattr(back_office_filters, "MANY", len(people) + 1)
    before = figures_of(organiser, people)

    Registration.objects.filter(pk=people[2].pk).update(state="withdrawn")

    assert (before, figures_of(organiser, people)) == (["3", "3"], ["2", "1", "3"])


def figures_of(organiser, people) -> list[str]:
    return get(organiser, f"{LIST}?edition={people[0].edition_id}").words(".figures tfoot td")


def test_of_many_found_by_words_the_list_says_so_and_shows_those_that_come_first(organiser, people, monkeypatch):
    monkeypatch.setattr(back_office, "MOST_FOUND", 2)

    many, few = (get(organiser, f"{LIST}?q={words}") for words in ("example.org", "sok"))

    assert many.words("h2[role=alert]") == ["More than 2 people match"]
    assert many.words(".figures") == []
    assert len(many.all("table.listing tbody tr")) == 2
    assert "person" not in " ".join(few.words("h2[role=alert]"))
    assert few.words(".figures tfoot td") == ["1", "1"]
    acts = {link.get("href") for link in many.all(".acts a")}
    assert acts and all(link.endswith("?q=example.org") for link in acts)


@pytest.mark.parametrize("size", [1, 3])
def test_the_list_costs_the_same_for_many(organiser, django_assert_num_queries, size):
    of = make.pass_type()
    for _person in range(size):
        make.registration(of)
    organiser.get(LIST)

    with django_assert_num_queries(QUERIES):
        organiser.get(LIST)


QUERIES = 15


def number_of(page):
    return page.all("input[name=number]")[0].get("value")


def test_a_group_is_withdrawn_with_a_reason_in_the_history_of_each(organiser, people):
    address = f"{GROUP}withdraw/?edition={people[0].edition_id}"
    asked = get(organiser, address)
    assert "To 3 people" in asked.tree.text_content()

    answer = organiser.post(address, {"number": number_of(asked), "reason": "Letter 12"})

    assert answer["Location"] == f"{LIST}?edition={people[0].edition_id}"
    assert list(Registration.objects.order_by("pk").values_list("state", flat=True)) == ["confirmed"] + ["withdrawn"] * 3
    entries = ModelLogEntry.objects.filter(action="registration.withdraw")
    assert [entry.data["reason"] for entry in entries] == ["Letter 12"] * 3
    words = ("Withdrawn: ", "បានដកការចុះឈ្មោះ៖ ")
    letters = [letter for letter in Email.objects.all() if any(word in letter.subject for word in words)]
    gone = Registration.objects.filter(state="withdrawn")
    assert {to for letter in letters for to in letter.to} == {to for person in gone for to in person.addresses}


def test_nothing_is_done_to_a_group_that_has_changed_since_it_was_shown(organiser, people):
    address = f"{GROUP}withdraw/?edition={people[0].edition_id}"

    page = Page(organiser.post(address, {"number": "2", "reason": "Letter 12"}))

    assert "The group has changed meanwhile" in page.tree.text_content()
    assert number_of(page) == "3"
    assert Registration.objects.live().count() == 4


def test_too_many_at_once_are_refused(organiser, people, monkeypatch):
    monkeypatch.setattr(back_office_groups.ACTS["withdraw"], "most", 2)

    page = Page(organiser.post(f"{GROUP}withdraw/?edition={people[0].edition_id}", {"number": "3", "reason": "x"}))

    assert "At most 2 at once" in page.tree.text_content()
    assert Registration.objects.live().count() == 4


def test_those_ticked_get_their_link_again_once_it_has_rested(organiser, people):
    sok, chan, _keo = people
    Registration.objects.filter(pk=sok.pk).update(link_sent_at="2020-01-01T00:00Z")
    Email.objects.all().delete()

    organiser.post(f"{GROUP}send-links/?id={sok.pk}&id={chan.pk}", {"number": "2"})

    assert [email.to for email in Email.objects.all()] == [[sok.email]]
    assert ModelLogEntry.objects.filter(action="registration.send_link").count() == 2


def test_letters_of_a_group_are_one_paper(organiser, people):
    answer = organiser.post(f"{GROUP}letters/?edition={people[0].edition_id}", {"number": "3"})

    assert answer.content.startswith(b"%PDF")
    assert ModelLogEntry.objects.filter(action="registration.letter").count() == 3


def test_all_rows_ticked_are_those_of_the_filtered_list(organiser, people):
    address = f"/cms/bulk/registration/registration/withdraw/?next={LIST}&edition={people[0].edition_id}&id=all"

    page = Page(organiser.get(address, follow=True))

    assert "To 3 people" in page.tree.text_content()


def test_who_only_reads_acts_upon_nobody(client, people):
    client.force_login(accounts.user("wagtailadmin.access_admin", "registration.view_registration"))

    assert client.post(f"{GROUP}withdraw/", {"number": "4", "reason": "x"}).status_code in {302, 403}
    assert client.get("/cms/bulk/registration/registration/withdraw/?id=all").status_code in {302, 403}
    assert "Withdraw people" not in get(client, LIST).tree.text_content().split("Registered")[0]
    assert Registration.objects.live().count() == 4
