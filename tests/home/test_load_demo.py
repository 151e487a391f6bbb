"""Loading the demonstration into an empty site: what it says, whom it lets in, and where it stays out."""

import pytest
from django.core.management import CommandError, call_command

from forum.home.demonstration import staff
from tests.factories import cms
from tests.home.test_demonstration import rows


def test_nobody_signs_in_where_this_is_no_demonstration(db, django_user_model):
    call_command("load_demo", verbosity=0)

    assert staff.sign_ins() == []
    assert not django_user_model.objects.exists()


@pytest.mark.parametrize("fields", [{"slug": "2027"}, {"slug": "next", "is_current": False}])
def test_the_demonstration_stays_out_of_a_real_forum(db, fields):
    cms.edition(**fields)
    before = rows()

    with pytest.raises(CommandError):
        call_command("load_demo", verbosity=0)

    assert rows() == before


def test_it_says_what_it_does_and_who_signs_in(db, settings, capsys):
    settings.DEMO = True

    call_command("load_demo")

    lines = capsys.readouterr().out.splitlines()
    said = [line.partition(":")[0] for line in lines if line.endswith(" s")]
    assert said[1:4] == ["agencies", "archive of 2024", "demonstration forum"]
    assert [line.split()[0] for line in lines[-len(staff.SIGN_INS) :]] == [row.email for row in staff.SIGN_INS]
