"""Two registrations of one person: one survives with what was chosen, the other ends and nothing of it is lost."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse
from post_office.models import Email
from wagtail.models import ModelLogEntry

from cms.refusals import code_of
from forum.badges import printing
from forum.badges.models import Badge
from forum.desks import merging, own_data
from forum.payments import ordering
from forum.payments.models import Order
from forum.registration import answering, erasing, holding, signup
from forum.registration.models import AccessCode, DifferentPeople, Quota, Registration
from tests.factories import accounts, cms, exhibitors, payments
from tests.factories import registration as make
from tests.pages import Page

pytestmark = pytest.mark.django_db
REASON = "Same passport"


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path, "base_url": None}}
    }


@pytest.fixture
def staff():
    return accounts.user("wagtailadmin.access_admin", "registration.change_registration")


@pytest.fixture
def of():
    return make.pass_type(size=10)


@pytest.fixture
def two(of):
    """The same person, once by the form and once in a delegation."""
    first = make.registration(of, name_latin="SOK Dara", email="dara@example.org", needs={"diet": "Vegan"})
    delegation = make.delegation(exhibitors.agency("Ministry of Examples"), delegate=2)
    second = make.delegate(
        delegation, exhibitors.member(delegation.agency), name_latin="SOKH Dara", name_km="សុខ ដារ៉ា", position="Director",
        email="office@example.org", honorific="excellency doctor", phone="+85512345678",
    )  # fmt: skip
    return first, second


def merge(keep, other, staff, taken=()):
    return merging.merge(keep=keep, other=other, taken=taken, reason=REASON, user=staff)


def refused(keep, other, staff) -> str:
    with pytest.raises(ValidationError) as refusal:
        merge(keep, other, staff)
    return code_of(refusal.value)


def test_one_survives_with_what_was_chosen_of_the_other(two, staff):
    keep, other = two

    merge(keep, other, staff, ["name_km", "honorific", "position", "agency", "phone"])

    kept = Registration.objects.get(pk=keep.pk)
    assert (kept.name_latin, kept.name_km, kept.honorific, kept.position, kept.agency, kept.phone, kept.email) == (
        "SOK Dara", "សុខ ដារ៉ា", "excellency doctor", "Director", other.agency, "+85512345678", "dara@example.org",
    )  # fmt: skip
    assert kept.needs.diet == "Vegan"
    assert kept.state == "confirmed"


def test_the_other_ends_and_its_place_goes_back(two, staff):
    keep, other = two
    assert Quota.objects.get().taken == 2

    merge(keep, other, staff)

    gone = Registration.objects.get(pk=other.pk)
    assert (gone.state, gone.merged_into, Quota.objects.get().taken) == ("withdrawn", keep, 1)


def test_a_place_in_a_delegation_goes_over_with_its_reference_and_its_row(two, staff):
    keep, other = two
    Registration.objects.filter(pk=other.pk).update(external_key="D-7", row_key="row")

    merge(keep, other, staff)

    kept, gone = (Registration.objects.get(pk=row.pk) for row in two)
    assert (kept.delegation, kept.external_key, kept.row_key) == (other.delegation, "D-7", "row")
    assert (gone.delegation, gone.external_key, gone.row_key) == (None, "", "")
    assert other.delegation.places.get().taken == 1
    signup.withdraw(registration=kept)
    assert other.delegation.places.get().taken == 0


def test_a_place_in_a_delegation_goes_back_where_the_pass_is_another(two, staff):
    keep = make.registration(make.pass_type(two[0].edition, slug="press"), name_latin="SOK Dara")

    merge(keep, two[1], staff)

    assert Registration.objects.get(pk=keep.pk).delegation is None
    assert two[1].delegation.places.get().taken == 0


def test_who_is_in_a_delegation_already_stays_there(two, staff):
    delegation = make.delegation(exhibitors.agency("Another Ministry"), delegate=1)
    keep = make.delegate(delegation, exhibitors.member(delegation.agency), external_key="A-1")

    merge(keep, two[1], staff)

    kept = Registration.objects.get(pk=keep.pk)
    assert (kept.delegation, kept.external_key, two[1].delegation.places.get().taken) == (delegation, "A-1", 0)


def test_the_other_may_be_the_one_of_the_delegation_that_stays(two, staff):
    other, keep = two

    merge(keep, other, staff, ["needs"])

    kept = Registration.objects.get(pk=keep.pk)
    assert (kept.delegation_id, kept.needs.diet, kept.delegation.places.get().taken) == (keep.delegation_id, "Vegan", 1)


@pytest.fixture
def by_code(of):
    of.access = "code"
    of.save()
    make.access_code(of, code="ONCE", uses=1)
    return make.registration(of, code="ONCE")


def test_the_use_of_a_code_goes_over(of, by_code, staff):
    keep = make.registration(of, user=staff)

    merge(keep, by_code, staff)

    assert Registration.objects.get(pk=keep.pk).access_code == AccessCode.objects.get()
    assert AccessCode.objects.get().taken == 1


def test_the_use_of_a_code_goes_back_where_the_one_that_stays_has_its_own(of, by_code, staff):
    make.access_code(of, code="TWICE", uses=2)
    keep = make.registration(of, code="TWICE")

    merge(keep, by_code, staff)

    assert Registration.objects.get(pk=keep.pk).access_code.code == "TWICE"
    assert dict(AccessCode.objects.values_list("code", "taken")) == {"ONCE": 0, "TWICE": 1}


def test_both_histories_say_it_and_stay(two, staff):
    keep, other = two

    merge(keep, other, staff, ["phone"])

    told = {entry.action: (entry.object_id, entry.data) for entry in ModelLogEntry.objects.filter(user=staff)}
    of_keep, of_other = told["registration.merge"], told["registration.merged"]
    assert (of_keep[0], of_other[0]) == (str(keep.pk), str(other.pk))
    assert [of_keep[1][name] for name in ("other", "taken", "reason")] == [other.code, ["phone"], REASON]
    assert [of_other[1][name] for name in ("other", "reason")] == [keep.code, REASON]
    assert ModelLogEntry.objects.filter(object_id=other.pk, action="registration.delegate").exists()


def test_the_others_badge_dies_and_its_link_opens_the_one_that_stays(client, two, staff):
    keep, other = two
    printing.issue([keep, other])

    merge(keep, other, staff)

    assert [badge.registration for badge in Badge.objects.valid()] == [keep]
    page = Page(client.get(f"/en/registration/{other.token}/"))
    assert page.words("h1") == ["SOK Dara"]
    assert signup.find_by_token(other.token) == keep


def test_a_name_of_the_other_is_another_badge(two, staff):
    keep, other = two
    printing.issue([keep])

    merge(keep, other, staff, ["name_latin"])

    assert list(Badge.objects.valid()) == []


def test_links_of_the_other_die_with_those_of_the_one_that_stays(two, staff):
    keep, other = two
    merge(keep, other, staff)

    signup.renew_link(registration=Registration.objects.with_names().get(pk=keep.pk))

    with pytest.raises(Http404):
        signup.find_by_token(other.token)


def test_links_lead_on_where_the_one_that_stayed_is_merged_too(two, of, staff):
    keep, other = two
    third = make.registration(of, name_latin="SOK Darra")
    merge(keep, other, staff)

    merge(third, keep, staff)

    assert signup.find_by_token(other.token) == third


def test_another_address_is_told_which_one_stands(two, staff):
    keep, other = two
    Email.objects.all().delete()

    merge(keep, other, staff)

    letter = Email.objects.get()
    assert letter.to == ["office@example.org"]
    assert keep.short_code in letter.message
    assert keep.token not in letter.message


def test_the_address_of_the_other_gets_the_link_and_the_old_one_is_told(two, staff):
    keep, other = two
    Registration.objects.update(link_sent_at=keep.registered_at - datetime.timedelta(hours=1))
    Email.objects.all().delete()

    merge(keep, other, staff, ["contact"])

    assert sorted(letter.to[0] for letter in Email.objects.all()) == ["dara@example.org", "office@example.org"]
    assert Registration.objects.get(pk=keep.pk).email == "office@example.org"


def test_who_had_no_address_is_reached_by_the_others(of, two, staff):
    keep = make.registration(of, name_latin="SOK Dara", email="", user=staff)
    Email.objects.all().delete()

    merge(keep, two[0], staff, ["contact"])

    assert Registration.objects.get(pk=keep.pk).email == "dara@example.org"
    assert {letter.to[0] for letter in Email.objects.all()} <= {"dara@example.org"}


def test_answers_are_chosen_one_by_one_and_files_move(two, staff):
    keep, other = two
    text, file, both = (make.question(keep.edition, kind) for kind in ("text", "file", "long-text"))
    answering.keep(keep, {both: "mine"})
    answering.keep(other, {text: "rice", file: ContentFile(b"%PDF-", name="a.pdf"), both: "theirs"})

    merge(keep, other, staff, [f"answer-{text.code}", f"answer-{file.code}"])

    kept = {answer.question: answer for answer in keep.answers.all()}
    with kept[file].file.open() as content:
        assert (kept[text].value, kept[both].value, content.read()) == ("rice", "mine", b"%PDF-")
    assert [answer.value for answer in other.answers.all()] == ["theirs"]


def test_once_more_changes_nothing(two, staff):
    keep, other = two
    merge(keep, other, staff)
    Email.objects.all().delete()

    merge(keep, other, staff, ["phone"])

    assert not Email.objects.exists()
    assert Registration.objects.get(pk=keep.pk).phone == ""
    assert Quota.objects.get().taken == 1


def test_who_withdrew_is_not_merged_either_way(two, staff):
    keep, other = two
    signup.withdraw(registration=other)

    assert [refused(keep, other, staff), refused(other, keep, staff)] == ["withdrawn", "withdrawn"]


def test_one_registration_and_two_forums_are_no_pair(of, two, staff):
    elsewhere = make.registration(make.pass_type(cms.edition("other")))

    assert [refused(two[0], two[0], staff), refused(two[0], elsewhere, staff)] == ["same", "edition"]


def test_a_third_person_of_the_new_name_and_address_is_refused_and_nothing_happens(of, staff):
    make.registration(of, name_latin="SOK Dara", email="dara@example.org")
    keep = make.registration(of, name_latin="SOK Darra", email="dara@example.org")
    other = make.registration(of, name_latin="SOK Dara", email="other@example.org")

    with pytest.raises(ValidationError):
        merge(keep, other, staff, ["name_latin"])

    assert Registration.objects.live().count() == 3
    assert Quota.objects.get().taken == 3


@pytest.fixture
def ordered():
    """Two who hold a priced pass, each with an order."""
    of = payments.priced()
    people = [make.registration(of, name_latin="SOK Dara") for _each in range(2)]
    return [(person, ordering.place_for(person)) for person in people]


def test_who_paid_stays_and_two_who_paid_are_for_finance(ordered, staff):
    (keep, order), (other, others) = ordered
    payments.pay(order, order.amount)
    keep, other = (Registration.objects.with_names().get(pk=row.pk) for row in (keep, other))

    assert refused(other, keep, staff) == "money"
    payments.pay(others, 1)
    assert refused(keep, other, staff) == "money"


def test_an_unpaid_order_ends_and_late_money_is_kept_for_a_decision(ordered, staff):
    (keep, _order), (other, others) = ordered
    merge(keep, other, staff)

    payments.pay(others, others.amount)

    others.refresh_from_db()
    assert others.state == Order.State.DECISION
    assert Registration.objects.get(pk=other.pk).state == "withdrawn"
    with pytest.raises(ValidationError):
        holding.make_firm(registration=other, may_return=True)


def test_the_database_itself_lets_no_merged_registration_live(two, staff):
    keep, other = two
    merge(keep, other, staff)

    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.filter(pk=other.pk).update(state="confirmed")


def test_the_other_is_erased_and_taken_along_with_the_one_that_stays(two, staff):
    keep, other = two
    merge(keep, other, staff)
    kept = Registration.objects.with_names().get(pk=keep.pk)

    assert [row["code"] for row in own_data.gather(kept)["merged"]] == [other.code]
    erasing.erase(registration=kept)

    assert list(Registration.objects.values_list("name_latin", flat=True)) == ["–", "–"]


@pytest.fixture
def office(client, staff):
    client.force_login(staff)
    return client


def address(two) -> str:
    return reverse("registration_merge", args=[person.code for person in two])


def test_the_list_leads_to_both_side_by_side(office, of):
    people = [make.registration(of, name_latin="SOK Dara", position=position) for position in ("Director", "Clerk")]

    page = Page(office.get(reverse("registration_duplicates")))
    links = [link.get("href") for link in page.all("section li a")]
    assert links == [address(people)]

    page = Page(office.get(links[0]))
    assert ["Position", "Director", "Clerk"] in [
        [" ".join(cell.text_content().split()) for cell in row] for row in page.all("tbody tr")
    ]


def test_merging_on_the_page_takes_what_was_chosen(office, two):
    keep, other = two
    chosen = {"name_latin": "first", "name_km": "second", "honorific": "second", "position": "second", "agency": "second",
              "contact": "first", "phone": "second", "needs": "first"}  # fmt: skip

    answer = office.post(address(two), chosen | {"keep": "first", "reason": REASON})

    assert answer.status_code == 302
    kept = Registration.objects.get(pk=keep.pk)
    assert (kept.name_km, kept.email) == ("សុខ ដារ៉ា", "dara@example.org")
    assert Registration.objects.get(pk=other.pk).merged_into == kept
    assert office.get(address(two)).status_code == 302


def test_the_page_asks_which_stays_and_why(office, two):
    assert office.post(address(two), {}).status_code == 422
    assert Registration.objects.live().count() == 2


def test_two_people_are_kept_as_two(office, two):
    assert office.post(address(two), {"different": "yes"}).status_code == 302

    assert DifferentPeople.objects.count() == 1
    assert Registration.objects.live().count() == 2


def test_others_see_neither_the_list_nor_a_pair(client, two):
    client.force_login(accounts.user("wagtailadmin.access_admin", "registration.view_registration"))

    for page in (reverse("registration_duplicates"), address(two)):
        assert client.get(page).status_code in {302, 403}
    client.post(address(two), {"different": "yes"})
    assert not DifferentPeople.objects.exists()


@pytest.mark.parametrize("codes", [("NOSUCHCODE", "NOSUCHCOD2"), (0, 0)])
def test_what_is_no_pair_is_not_found(office, two, codes):
    codes = [two[code].code if isinstance(code, int) else code for code in codes]

    assert office.get(reverse("registration_merge", args=codes), follow=True).status_code == 404


def test_the_list_costs_the_same_with_one_and_with_three_pairs(office, of, django_assert_num_queries):
    office.get(reverse("registration_duplicates"))
    for count in (1, 3):
        while Registration.objects.count() < 2 * count:
            for _each in range(2):
                make.registration(of, name_latin=f"SOK {chr(97 + Registration.objects.count() // 2)}")
        with django_assert_num_queries(13):
            office.get(reverse("registration_duplicates"))
