"""People in the back office: found in either script, corrected, withdrawn; never made or erased past their acts."""

import pytest
from django.urls import reverse
from post_office.models import Email
from wagtail.models import ModelLogEntry

from forum.registration.models import Quota, Registration
from tests.factories import accounts
from tests.factories import registration as make
from tests.pages import Page

pytestmark = pytest.mark.django_db
LIST = "wagtailsnippets_registration_registration"


@pytest.fixture
def organiser(client):
    client.force_login(
        accounts.user("wagtailadmin.access_admin", "registration.view_registration", "registration.change_registration")
    )
    return client


@pytest.mark.parametrize("words", ["dara sok", "ដារ៉ា", "DARA"])
def test_a_person_is_found_in_either_script(organiser, words):
    make.registration(name_latin="CHAN Bopha")
    dara = make.registration(of=make.PassType.objects.get(), name_latin="SOK Dara", name_km="សុខ ដារ៉ា")

    page = organiser.get(reverse(f"{LIST}:list"), {"q": words})

    assert list(page.context["object_list"]) == [dara]


def test_a_person_is_found_by_the_code_as_it_stands_on_badges_and_mails(organiser):
    dara = make.registration(name_latin="SOK Dara")
    make.registration(of=make.PassType.objects.get(), name_latin="CHAN Bopha")

    for words in (dara.short_code, dara.short_code.lower(), f"dara {dara.short_code}".replace("-", "–"), dara.code):
        assert list(organiser.get(reverse(f"{LIST}:list"), {"q": words}).context["object_list"]) == [dara]


def test_a_correction_is_kept_with_its_keys_and_in_the_history(organiser):
    dara = make.registration(name_latin="SOK Darra", email="d@example.org")
    typed = {"name_latin": "SOK Dara", "name_km": "", "honorific": "", "position": "", "agency": "", "agency_name": "",
             "contact_name": "", "email": "d@example.org", "phone": "", "language": "en", "receives": "person"}  # fmt: skip

    organiser.post(reverse(f"{LIST}:edit", args=[dara.pk]), typed)

    assert list(Registration.objects.matching("dara").values_list("name_latin", flat=True)) == ["SOK Dara"]
    assert ModelLogEntry.objects.get().action == "wagtail.edit"


def test_a_correction_that_makes_two_of_one_person_is_refused_beside_the_form(organiser):
    make.registration(name_latin="SOK Dara", email="d@example.org")
    other = make.registration(of=make.PassType.objects.get(), name_latin="CHAN Bopha", email="d@example.org")
    typed = {"name_latin": "Dara SOK", "email": "d@example.org", "language": "en"}

    answer = organiser.post(reverse(f"{LIST}:edit", args=[other.pk]), typed)

    assert "already registered" in answer.content.decode()
    assert Registration.objects.get(pk=other.pk).name_latin == "CHAN Bopha"


def test_withdrawing_asks_first_and_frees_the_place(organiser):
    dara = make.registration()
    address = reverse("registration_withdraw", args=[dara.pk])
    assert organiser.get(address).status_code == 200

    assert "This field is required" in organiser.post(address).content.decode()
    organiser.post(address, {"reason": "Letter 12"})

    assert (Registration.objects.get().state, Quota.objects.get().taken) == ("withdrawn", 0)
    assert ModelLogEntry.objects.get(action="registration.withdraw").data["reason"] == "Letter 12"
    assert [letter.subject for letter in Email.objects.filter(to=dara.email)][1:] == [
        f"Withdrawn: {dara.edition.short_name}"
    ]


def test_nobody_adds_or_deletes_people_past_the_acts(client):
    client.force_login(accounts.user(is_superuser=True, is_staff=True))
    dara = make.registration()

    for name, args in (("add", []), ("delete", [dara.pk])):
        answer = client.post(reverse(f"{LIST}:{name}", args=args))
        assert answer.status_code in {302, 403}
    assert list(Registration.objects.all()) == [dara]


def test_lists_cost_the_same_with_one_and_with_three_rows(client, django_assert_num_queries):
    client.force_login(accounts.user(is_superuser=True, is_staff=True))
    delegate = make.pass_type()
    make.registration(of=delegate)
    client.get(reverse(f"{LIST}:list"))

    for count in (1, 3):
        while Registration.objects.count() < count:
            make.registration(of=delegate)
        with django_assert_num_queries(15):
            client.get(reverse(f"{LIST}:list"))


@pytest.fixture
def eraser(client):
    client.force_login(accounts.user("wagtailadmin.access_admin", "registration.erase_registration"))
    return client


def test_erasing_by_staff_asks_first_and_keeps_the_reason(eraser):
    dara = make.registration(name_latin="SOK Dara")
    address = reverse("registration_erase", args=[dara.pk])

    assert "SOK Dara" in eraser.get(address).content.decode()
    assert eraser.post(address, {"reason": " "}).status_code == 200
    assert Registration.objects.get().erased_at is None
    eraser.post(address, {"reason": "Letter 12/27"})

    row = Registration.objects.get()
    assert (row.name_latin, row.state, Quota.objects.get().taken) == ("–", "withdrawn", 0)
    entry = ModelLogEntry.objects.get(action="registration.erase")
    assert entry.data["reason"] == "Letter 12/27"
    assert eraser.get(address, follow=True).status_code == 404


def test_who_may_only_change_people_does_not_erase_them(organiser):
    dara = make.registration(name_latin="SOK Dara")

    assert organiser.post(reverse("registration_erase", args=[dara.pk]), {"reason": "x"}).url == "/cms/"
    assert Registration.objects.get().erased_at is None


def test_staff_give_a_rank_and_any_title_and_both_are_shown_again(organiser):
    dara = make.registration(name_latin="SOK Dara", honorific="samdech techo")
    address = reverse(f"{LIST}:edit", args=[dara.pk])
    page = Page(organiser.get(address))
    chosen = [element.get("value") for element in page.all("select option[selected]") if element.get("value") != "en"]
    typed = {"honorific": "excellency", "title": "techo", "name_latin": "SOK Dara", "email": dara.email, "language": "en",
             "protocol_rank": "1", "receives": "person"}  # fmt: skip

    organiser.post(address, typed)

    assert chosen[:2] == ["samdech", "techo"]
    kept = Registration.objects.get()
    assert (kept.honorific, kept.protocol_rank) == ("excellency techo", 1)
    assert "at least 1" not in page.words("form")[0]
    assert "greater than or equal to 1" in organiser.post(address, typed | {"protocol_rank": "0"}).content.decode()


def test_the_list_is_sorted_and_filtered_by_rank(organiser):
    of = make.pass_type()
    for name, rank in (("CHAN Bopha", None), ("SOK Dara", 2), ("KEO Vanna", 1)):
        make.registration(of, name_latin=name)
        Registration.objects.filter(name_latin=name).update(protocol_rank=rank)

    def listed(**query):
        page = organiser.get(reverse(f"{LIST}:list"), query)
        return [row.name_latin for row in page.context["object_list"]]

    assert listed(ordering="ranked") == ["KEO Vanna", "SOK Dara", "CHAN Bopha"]
    assert listed(protocol_rank="1") == ["KEO Vanna"]
    assert listed(protocol_rank="2", ordering="-ranked") == ["SOK Dara", "KEO Vanna"]


def test_a_file_of_the_list_writes_forms_of_address_out(organiser):
    make.registration(name_latin="SOK Dara", honorific="excellency professor doctor")

    answer = organiser.get(reverse(f"{LIST}:list"), {"export": "csv"})

    assert "H.E. Professor Dr" in answer.getvalue().decode()
