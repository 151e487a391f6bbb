"""The privacy notice where people meet it: in the form, as a page, on their own page, and staff in the back office."""

import re

import pytest
from django.urls import reverse
from post_office.models import Email

from forum.desks import own_data
from forum.registration.models import Consent, Permission, PrivacyNotice, Registration
from tests.factories import accounts, cms, exhibitors
from tests.factories import registration as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return make.pass_type(cms.edition()).edition


def own(name, person):
    return reverse(f"registration:{name}", args=[person.token])


def test_the_form_shows_the_short_text_and_keeps_what_was_agreed_to(client, edition):
    make.notice(edition, 3)
    use = make.further_use(edition)
    address = reverse("register:form", args=[edition.slug])
    page = client.get(address).content.decode()
    assert "Used for the forum." in page
    assert reverse("register:privacy_version", args=[edition.slug, 3]) in page
    ticks = re.findall(r'<input[^>]*name="(?:uses|agrees)"[^>]*>', page)
    assert len(ticks) == 2 and not any("checked" in tick for tick in ticks)

    typed = {"pass_type": "delegate", "name_latin": "Sok Dara", "email": "d@example.org", "version": "3"}
    refused = client.post(address, typed)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["agrees"])
    assert 'value="Sok Dara"' in refused.content.decode()
    client.post(address, typed | {"agrees": "on", "uses": [use.code]})

    assert [(row.notice.version, row.how) for row in Consent.objects.all()] == [(3, "page")]
    assert [row.use for row in Permission.objects.all()] == [use]
    assert reverse("register:privacy", args=[edition.slug]) in Email.objects.get().message


def test_the_whole_text_is_public_in_both_languages_and_earlier_versions_stay(client, edition):
    make.notice(edition, 1, ago=90, text_en="<p>The first.</p><script>x</script>")
    make.notice(edition, 2, text_en="<p>The second.</p>", changes_en="Fewer data.")
    make.notice(edition, 3, ago=-10, text_en="<p>The third.</p>")
    now = reverse("register:privacy", args=[edition.slug])

    page, before = client.get(now).content.decode(), client.get(f"{now}1/").content.decode()

    assert "The second." in page and "Fewer data." in page and "The third." not in page
    assert "The first." in before and "This is an earlier version." in before and "<script>x" not in before
    assert "ទាំងអស់។" in client.get(now.replace("/en/", "/km/")).content.decode()
    assert [client.get(f"{now}{rest}").status_code for rest in ("3/", "x/", "999/")] == [404, 404, 404]


def test_without_a_notice_there_is_no_page_and_the_form_asks_nothing(client, edition):
    assert client.get(reverse("register:privacy", args=[edition.slug])).status_code == 404
    assert 'name="agrees"' not in client.get(reverse("register:form", args=[edition.slug])).content.decode()


def test_the_own_page_offers_what_changed_in_substance(client, edition):
    person = make.registration(of=edition.pass_types.get(), notice=make.notice(edition))
    assert "agree</button>" not in client.get(own("own", person)).content.decode()
    make.notice(edition, 2, ago=5, is_material=True, changes_en="Shared with the host city.")
    page = client.get(own("own", person)).content.decode()
    assert "Shared with the host city." in page and "agree</button>" in page

    client.post(own("agree", person), {"version": "2"})

    page = client.get(own("own", person)).content.decode()
    assert "agree</button>" not in page and "You agreed to version 2" in page


def test_agreeing_to_what_does_not_hold_changes_nothing_and_shows_the_page(client, edition):
    person = make.registration(of=edition.pass_types.get())
    make.notice(edition)

    assert client.post(own("agree", person), {"version": "9"})["Location"] == own("own", person)
    assert Consent.objects.count() == 0


def test_further_uses_are_ticked_and_taken_back_on_the_own_page(client, edition):
    person, use = make.registration(of=edition.pass_types.get()), make.further_use(edition)
    other = make.further_use(cms.edition("other"))

    client.post(own("allow", person), {"uses": [use.code, other.code]})
    assert [row.use for row in Permission.objects.filter(taken_back_at=None)] == [use]
    assert f'value="{use.code}" checked' in client.get(own("own", person)).content.decode()
    client.post(own("allow", person))

    assert Permission.objects.get().taken_back_at


@pytest.mark.parametrize("name", ["agree", "allow"])
def test_no_other_site_and_no_link_that_opens_says_anything_for_a_person(client, edition, name):
    person = make.registration(of=edition.pass_types.get())
    make.notice(edition), make.further_use(edition)

    assert client.post(own(name, person), {"version": "1"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get(own(name, person)).status_code == 405
    assert client.post(reverse(f"registration:{name}", args=["NOBODYHERE.1~forged"])).status_code == 404
    assert (Consent.objects.count(), Permission.objects.count()) == (0, 0)


def test_what_was_agreed_to_is_among_the_data_that_one_takes_along(edition):
    person = make.registration(of=edition.pass_types.get(), notice=make.notice(edition), uses=[make.further_use(edition)])

    data = own_data.gather(person)

    (notice,), (use,) = data["privacy_notice"], data["further_uses"]
    assert (notice["version"], notice["text"], notice["how"]) == (1, "<p>All of it.</p>", "page")
    assert (use["what"], use["taken_back_at"]) == ("My photo may stand in reports.", None)


def focal_point(client, **places):
    delegation = make.delegation(**places)
    client.force_login(exhibitors.member(delegation.agency))
    return delegation, [delegation.agency.code, delegation.edition.slug]


def test_a_focal_point_sets_the_tick_for_each_person(client):
    delegation, where = focal_point(client, delegate=2)
    make.notice(delegation.edition)
    address = reverse("desks:delegation:register", args=where)
    typed = make.person(name_latin="Sok Dara", language="en", pass_type="delegate", version="1")

    assert list(client.post(address, typed).context["form"].errors) == ["agrees"]
    assert client.post(address, typed | {"agrees": "on"}).status_code == 302

    assert [row.how for row in Consent.objects.all()] == ["focal-point"]


def test_one_tick_is_for_all_rows_of_the_grid(client):
    delegation, where = focal_point(client, delegate=3)
    make.notice(delegation.edition)
    rows = {"form-TOTAL_FORMS": "10", "form-INITIAL_FORMS": "0", "form-0-name_latin": "Ab Cd", "form-1-name_latin": "Ef Gh"}
    rows |= {f"form-{number}-pass_type": "delegate" for number in range(2)}
    address = reverse("desks:delegation:grid", args=where)

    refused = client.post(address, rows | {"version": "1"})
    assert (refused.status_code, Registration.objects.count()) == (422, 0)
    assert 'value="Ab Cd"' in refused.content.decode()
    client.post(address, rows | {"version": "1", "agrees": "on"})

    assert [row.how for row in Consent.objects.all()] == ["focal-point"] * 2


def test_one_tick_is_for_all_rows_of_a_sheet(client):
    delegation, where = focal_point(client, delegate=3)
    make.notice(delegation.edition)
    address = reverse("desks:delegation:sheet", args=where)
    typed = {"rows": '[[2, {"name_latin": "Ab Cd"}]]', "version": "1"}

    refused = client.post(address, typed)
    assert "Ab Cd" in refused.content.decode() and Registration.objects.count() == 0
    client.post(address, typed | {"agrees": "on"})

    assert [row.registration.name_latin for row in Consent.objects.all()] == ["Ab Cd"]


def test_a_change_in_the_back_office_makes_the_next_version(client, edition):
    client.force_login(accounts.user(is_superuser=True))
    notice = make.notice(edition)
    body = '{"blocks": [{"key": "a", "text": "Other", "type": "unstyled", "depth": 0}], "entityMap": {}}'
    typed = {
        "edition": edition.pk,
        "summary_en": "New",
        "text_en": body,
        "text_km": body,
        "changes_en": "",
        "changes_km": "",
    }

    answer = client.post(reverse("wagtailsnippets_registration_privacynotice:edit", args=[notice.pk]), typed)

    assert answer.status_code == 302
    rows = PrivacyNotice.objects.order_by("version").values_list("version", "summary_en", "published_at")
    assert [(version, words, at is None) for version, words, at in rows] == [
        (1, "Used for the forum.", False), (2, "New", True)
    ]  # fmt: skip


@pytest.mark.parametrize("people", [1, 3])
def test_lists_of_who_agreed_cost_the_same_however_many(client, edition, people, django_assert_num_queries):
    notice, use = make.notice(edition), make.further_use(edition)
    for _person in range(people):
        make.registration(of=edition.pass_types.get(), notice=notice, uses=[use])
    client.force_login(accounts.user(is_superuser=True))
    for name, number in (("consent", 11), ("permission", 10)):
        address = reverse(f"wagtailsnippets_registration_{name}:list")
        client.get(address)
        with django_assert_num_queries(number):
            page = client.get(address)
        assert page.content.decode().count("SOK Dara") == people


def test_who_agreed_to_what_comes_as_a_file(client, edition):
    make.registration(of=edition.pass_types.get(), notice=make.notice(edition), name_latin="Sok Dara")
    client.force_login(accounts.user(is_superuser=True))

    answer = client.get(reverse("wagtailsnippets_registration_consent:list"), {"export": "csv"})

    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == 2
    assert "Sok Dara" in lines[1] and "Version 1 (next)" in lines[1]
