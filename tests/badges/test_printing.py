"""Badges: one for each holder, printed by whom and when."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from forum.badges import printing
from forum.badges.models import Badge, BadgePrint, not_yet_printed
from forum.registration import signup
from forum.registration.models import Registration
from tests.factories import accounts, exhibitors
from tests.factories import registration as make

pytestmark = pytest.mark.django_db


def test_a_holder_has_one_badge_however_often_it_is_made():
    registration = make.registration()

    badges = [printing.issue([registration])[0] for _time in range(2)]

    assert badges[0] == badges[1] == Badge.objects.get()


def test_another_holder_gets_another_badge_and_the_first_dies():
    registration = make.registration()
    (first,) = printing.issue([registration])
    Registration.objects.update(holder_no=2)

    (second,) = printing.issue(Registration.objects.with_names())

    assert first.serial != second.serial
    assert list(Badge.objects.valid()) == [second]


def test_a_withdrawn_person_has_no_valid_badge_and_gets_none_printed():
    registration = make.registration()
    printing.issue([registration])
    signup.withdraw(registration=registration)

    assert list(Badge.objects.valid()) == []
    with pytest.raises(ValidationError) as refusal:
        printing.print_badges(registrations=Registration.objects.with_names())
    assert refusal.value.code == "none"
    assert BadgePrint.objects.count() == 0


def test_a_print_is_remembered_with_who_did_it():
    registration, clerk = make.registration(), accounts.user()
    assert list(Registration.objects.filter(not_yet_printed())) == [registration]

    printing.print_badges(registrations=[registration], user=clerk)

    assert BadgePrint.objects.get().printed_by == clerk
    assert list(Registration.objects.filter(not_yet_printed())) == []


def test_a_second_print_wants_a_reason_and_ends_the_badge_before():
    registration, clerk = make.registration(), accounts.user()
    printing.print_badges(registrations=[registration])
    first = Badge.objects.get()

    with pytest.raises(ValidationError) as refusal:
        printing.print_badges(registrations=[registration])
    assert (refusal.value.code, BadgePrint.objects.count()) == ("again", 1)

    printing.print_badges(registrations=[registration], user=clerk, desk="Desk 2", reason="lost")

    second = Badge.objects.valid().get()
    assert second != first
    assert [(row.badge, row.reason, row.desk) for row in BadgePrint.objects.order_by("pk")] == [
        (first, "", ""), (second, "lost", "Desk 2"),
    ]  # fmt: skip


def test_of_many_those_printed_already_are_left_out_and_the_rest_is_printed():
    delegate = make.pass_type()
    one, two = make.registration(of=delegate), make.registration(of=delegate)
    printing.print_badges(registrations=[one])

    printing.print_badges(registrations=[one, two])

    assert BadgePrint.objects.count() == Badge.objects.count() == 2
    assert Badge.objects.valid().count() == 2


def test_with_a_reason_those_printed_get_another_badge_and_the_others_their_first():
    delegate = make.pass_type()
    one, two = make.registration(of=delegate), make.registration(of=delegate)
    printing.print_badges(registrations=[one])

    printing.print_badges(registrations=[one, two], reason="damaged")

    assert [badge.prints.get().reason for badge in Badge.objects.valid().order_by("registration")] == ["damaged", ""]
    assert Badge.objects.count() == 3


def test_the_queue_is_narrowed_by_pass_and_agency_and_print():
    delegate = make.pass_type()
    media = make.pass_type(delegate.edition, slug="media")
    ministry = exhibitors.agency()
    one = make.registration(of=delegate, name_latin="A One")
    two = make.registration(of=media, name_latin="B Two", agency=ministry)
    edition = delegate.edition

    assert list(printing.queue(edition=edition)) == [one, two]
    assert list(printing.queue(edition=edition, pass_type=media)) == [two]
    assert list(printing.queue(edition=edition, agency=ministry)) == [two]
    printing.print_badges(registrations=[two])
    assert list(printing.queue(edition=edition)) == [one]
    assert list(printing.queue(edition=edition, again=True)) == [one, two]


def test_making_a_thousand_costs_as_many_queries_as_making_one(django_assert_num_queries):
    delegate = make.pass_type()
    people = [make.registration(of=delegate) for _number in range(3)]

    printing.issue(people)  # makes the key

    for some in (people[:1], people):
        Badge.objects.all().delete()
        with django_assert_num_queries(4):
            printing.issue(some)
        with django_assert_num_queries(1):  # they have one
            printing.issue(some)


def test_the_command_writes_one_file_and_says_how_far_it_is(tmp_path, capsys):
    delegate = make.pass_type()
    for _number in range(2):
        make.registration(of=delegate)

    call_command("print_badges", output=tmp_path / "badges.pdf")

    assert (tmp_path / "badges.pdf").read_bytes()[:4] == b"%PDF"
    assert "2 of 2 badges" in capsys.readouterr().out
    assert BadgePrint.objects.count() == 2


def test_the_command_refuses_with_a_sentence(tmp_path):
    delegate = make.pass_type()

    for options, sentence in [
        ({}, "No badges to print."),
        ({"edition": "nowhere"}, "There is no edition nowhere."),
        ({"pass_type": "king"}, "There is no pass king."),
        ({"agency": "XXXXXX"}, "There is no agency XXXXXX."),
    ]:
        with pytest.raises(CommandError, match=sentence):
            call_command("print_badges", output=tmp_path / "b.pdf", **options)
    make.registration(of=delegate)
    with pytest.raises(CommandError, match="There is no folder"):
        call_command("print_badges", output=tmp_path / "no" / "b.pdf")
