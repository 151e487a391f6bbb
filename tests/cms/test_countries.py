"""The protocol's list of country names: begun with each edition, edited by few, read everywhere."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from cms import countries, khmer
from cms.models import Country, starting_countries
from exhibitors.back_office import Agencies
from exhibitors.models import Agency
from forum.accounts import roles
from tests.factories import accounts, exhibitors
from tests.factories import cms as make
from tests.signing_in import Visitor

pytestmark = pytest.mark.django_db


def rename(edition, code, **names):
    row = edition.countries.get(code=code)
    for name, value in names.items():
        setattr(row, name, value)
    row.save()


def test_the_file_names_each_country_once_in_both_languages_without_invisible_signs():
    rows = starting_countries()

    assert len(rows) == 242
    for code, row in rows.items():
        assert len(code) == 2 and code.isupper()
        for name in (row["name_en"], row["name_km"]):
            assert name == name.strip() and name.translate(khmer.INVISIBLE) == name
        assert any("\u1780" <= sign <= "\u17ff" for sign in row["name_km"])
    for language in ("en", "km"):
        assert len({row[f"name_{language}"] for row in rows.values()}) == len(rows)


def test_a_new_edition_begins_with_the_whole_list():
    edition = make.edition()

    assert countries.name(edition.pk, "KR", "en") == "Republic of Korea"
    assert countries.name(edition.pk, "KR", "km") == "សាធារណរដ្ឋកូរ៉េ"
    assert edition.countries.count() == 242

    edition.theme_en = "Another theme"
    edition.save()
    assert edition.countries.count() == 242


def test_the_next_edition_begins_with_what_the_protocol_mended_and_a_demonstration_with_the_file():
    rename(make.edition("first"), "CZ", name_en="Czech Republic", name_km="សាធារណរដ្ឋឆែក")

    second, demonstration = make.edition("second"), make.edition("shown", is_demonstration=True)

    assert countries.name(second.pk, "CZ", "en") == "Czech Republic"
    assert countries.name(demonstration.pk, "CZ", "en") == "Czechia"
    rename(second, "CZ", name_en="Czechia")
    assert countries.name(second.pk, "CZ", "km") == "សាធារណរដ្ឋឆែក"
    assert Country.objects.get(edition__slug="first", code="CZ").name_en == "Czech Republic"


@pytest.mark.parametrize("language", ["en", "km"])
def test_choices_stand_in_the_dictionary_order_of_each_language_with_cambodia_first(language):
    edition = make.edition()
    rename(edition, "AX", name_en="Zz Last", name_km="អ្អ")

    (first, *others) = countries.choices(edition.pk, language)

    assert first[0] == "KH"
    names = [name for _code, name in others]
    assert names == sorted(names, key=khmer.sort_key)
    assert len(others) == 241


def test_what_the_list_does_not_have_keeps_the_name_of_the_file_or_its_code():
    edition = make.edition()
    edition.countries.get(code="FR").delete()

    assert countries.name(edition.pk, "FR", "en") == "France"
    assert countries.name(edition.pk, "XQ", "en") == "XQ"
    assert countries.name(edition.pk, "", "en") == ""
    assert "FR" not in dict(countries.choices(edition.pk, "en"))


def test_a_new_name_is_read_as_soon_as_it_is_committed(django_capture_on_commit_callbacks):
    edition = make.edition()
    assert countries.name(edition.pk, "NL", "en") == "Netherlands"

    with django_capture_on_commit_callbacks(execute=True):
        rename(edition, "NL", name_en="Kingdom of the Netherlands")
    assert countries.name(edition.pk, "NL", "en") == "Kingdom of the Netherlands"

    with django_capture_on_commit_callbacks(execute=True):
        edition.countries.get(code="NL").delete()
    assert countries.name(edition.pk, "NL", "en") == "Netherlands"


def test_however_many_names_are_asked_for_the_database_is_asked_once():
    edition = make.edition()

    with CaptureQueriesContext(connection) as asked:
        for code in ("KH", "FR", "VN", "XQ"):
            countries.name(edition.pk, code, "km")

    assert len(asked) == 1


@pytest.mark.parametrize("code", ["kh", "KHM", "K", "K1", "ខ្ម", "KH\n"])
def test_a_code_is_two_capital_letters(code):
    row = Country(edition=make.edition(), code=code, name_en="A", name_km="ក")

    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    assert "code" in refusal.value.message_dict


def test_a_code_stands_once_in_a_list_whoever_writes_it():
    edition = make.edition()
    twin = Country(edition=edition, code="KH", name_en="Kampuchea", name_km="កម្ពុជា")

    with pytest.raises(ValidationError, match="has a name for this code already"):
        twin.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_a_name_stays_with_its_edition():
    row = make.edition("first").countries.get(code="KH")
    row.edition = make.edition("second")

    with pytest.raises(ValidationError, match="stays with its edition"):
        row.clean()


def test_pages_of_exhibitors_name_the_country_as_the_edition_does(client):
    edition = make.edition()
    rename(edition, "SG", name_en="Republic of Singapore", name_km="សាធារណរដ្ឋសិង្ហបុរី")
    agency = exhibitors.agency(name_en="Harbour Institute", country="SG")
    exhibitors.booking(exhibitors.booth(exhibitors.zone(exhibitors.hall(edition))), agency, state="confirmed")

    for path in ("exhibition/agencies/", f"exhibition/agencies/{agency.code}/"):
        assert "Republic of Singapore" in client.get(f"/en/next/{path}").content.decode()
        assert "សាធារណរដ្ឋសិង្ហបុរី" in client.get(f"/km/next/{path}").content.decode()


def test_the_back_office_asks_for_the_country_of_an_agency_by_its_name_and_keeps_one_that_is_gone():
    edition = make.edition()
    rename(edition, "SG", name_en="Republic of Singapore")
    form_class = Agencies().get_edit_handler().get_form_class()

    assert ("SG", "Republic of Singapore") in form_class().fields["country"].choices
    assert ("XQ", "XQ") in form_class(instance=Agency(name_en="A", country="XQ")).fields["country"].choices
    edition.delete()
    assert ("SG", "Singapore") in form_class().fields["country"].choices


@pytest.mark.parametrize("role", ["organiser", "protocol"])
def test_who_keeps_the_names_edits_one_in_the_back_office(role):
    edition = make.edition()
    row = edition.countries.get(code="CZ")
    visitor = Visitor()
    visitor.force_login(accounts.user(*roles.ROLES[role]))

    answer = visitor.post(
        f"/cms/snippets/cms/country/edit/{row.pk}/",
        {"edition": edition.pk, "code": "CZ", "name_en": "Czech Republic", "name_km": "សាធារណរដ្ឋឆែក"},
    )

    assert answer.status_code == 302
    assert countries.name(edition.pk, "CZ", "en") == "Czech Republic"


@given(st.text(max_size=8))
def test_no_code_whatever_breaks_a_page(code):
    assert isinstance(countries.name(0, code, "en"), str)
