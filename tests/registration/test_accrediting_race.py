"""Two photos at once: one stays, and no file is left that nobody names."""

from django.core.files.storage import default_storage

from forum.registration import accrediting
from forum.registration.models import Accreditation, Registration
from tests.factories import registration as make


def prepare():
    return make.registration(make.pass_type(needs_security=True)).code


def upload(code, colour):
    person = Registration.objects.with_names().get(code=code)
    accrediting.give(registration=person, photo=make.photo(colour=colour))
    return colour


def kept():
    names = [row.photo.name for row in Accreditation.objects.all()]
    return names, [default_storage.exists(name) for name in names], Accreditation.objects.get().version


def test_of_photos_sent_at_once_one_stays_and_its_file_alone(race):
    before = set(_files())
    code = race.prepare(prepare)

    colours = ["teal", "navy", "red", "olive"]
    assert race(upload, [{"code": code, "colour": colour} for colour in colours]) == colours

    names, exist, version = race.inspect(kept)
    assert (len(names), exist, version) == (1, [True], 4)
    assert {f"accreditation/{name}" for name in set(_files()) - before} == set(names)


def _files():
    return default_storage.listdir("accreditation")[1] if default_storage.exists("accreditation") else []
