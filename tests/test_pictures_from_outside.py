"""An SVG is a program: wherever a logo or a picture may be uploaded it is refused, whatever it calls itself."""

import gzip
import re

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from cms import images
from cms.uploads import Upload
from forum.badges.models import BadgeLayout
from forum.registration.accreditation_forms import AccreditationForm
from forum.registration.models import Letterhead
from tests.conftest import ROOT
from tests.factories import accounts
from tests.factories import exhibitors as floor
from tests.factories import registration as make
from tests.walk.world import PIXEL

SVG = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" width="640" height="640" viewBox="0 0 640 640" onload="alert(1)">
  <script>fetch("/cms/")</script><rect width="640" height="640" fill="#1d2566"/></svg>
"""
DISGUISES = {
    "as it is": ("logo.svg", SVG, "image/svg+xml"),
    "as PNG": ("logo.png", SVG, "image/png"),
    "as JPEG": ("logo.svg.jpg", SVG, "image/jpeg"),
    "behind the first bytes of a GIF": ("logo.gif", b"GIF89a" + SVG, "image/gif"),
    "compressed": ("logo.png", gzip.compress(SVG, mtime=0), "image/png"),
    "bare, with a space before it": ("logo.webp", b" \n" + SVG.partition(b"?>")[2], "image/webp"),
}
disguised = pytest.mark.parametrize("disguise", DISGUISES)
PICTURE = "Only JPEG, PNG, WebP and GIF pictures are taken."
BROKEN = "This picture is damaged; save it anew and try again."
# Where files come in from outside, and how many fields there take them; whoever adds one adds its test here.
FIELDS = {
    "exhibitors/forms.py": 1,  # logo of an agency, on its desk and in the back office
    "forum/badges/back_office_layouts.py": 2,  # emblem and picture of a badge
    "forum/registration/back_office_guests.py": 1,  # emblem of a letterhead
    "forum/registration/accreditation_forms.py": 1,  # photo for clearance
    "cms/uploads.py": 1,  # Upload: answers of a form, papers of exhibitors, the letter of who asks for an account
    "forum/desks/exhibitor_forms.py": 1,  # an Upload: a paper that exhibitors send
    "cms/sheet_forms.py": 1,  # a sheet, which is read and not kept
    "forum/registration/back_office_letters.py": 1,  # an Upload: the signed original
    "forum/payments/back_office_forms.py": 1,  # a statement, which is read and not kept
    "forum/documents/forms.py": 1,  # a file that is compared and not kept
}


def upload(disguise):
    return SimpleUploadedFile(*DISGUISES[disguise])


@pytest.fixture
def root(client, db):
    client.force_login(accounts.user(is_superuser=True))
    return client


def test_every_field_that_takes_files_is_known_here():
    takes = re.compile(r"forms\.(?:FileField|ImageField)\(|= Upload\(|\(forms\.FileField\)")
    code = [path for room in ("cms", "agenda", "exhibitors", "forum") for path in (ROOT / room).rglob("*.py")]
    found = {str(path.relative_to(ROOT)): len(takes.findall(path.read_text())) for path in code}

    assert {path: count for path, count in found.items() if count} == FIELDS


@disguised
def test_neither_pictures_nor_portraits_are_drawn_from_it(disguise):
    for draw in (images.reencode, images.portrait):
        with pytest.raises(ValidationError) as refused:
            draw(upload(disguise))
        assert refused.value.code in ("format", "broken")


@disguised
@pytest.mark.parametrize(
    ("address", "name", "model"),
    [
        ("wagtailsnippets_badges_badgelayout:add", "emblem", BadgeLayout),
        ("wagtailsnippets_badges_badgelayout:add", "back_picture", BadgeLayout),
        ("wagtailsnippets_registration_letterhead:add", "emblem", Letterhead),
    ],
)
def test_emblems_of_badges_and_letters_are_pictures(root, address, name, model, disguise):
    before = model.objects.count()

    page = root.post(reverse(address), {name: upload(disguise)}).content.decode()

    assert PICTURE in page or BROKEN in page
    assert model.objects.count() == before


@disguised
def test_logos_of_agencies_are_pictures(root, disguise):
    agency = floor.agency()
    floor.member(agency, email="manager@example.org")
    typed = {"name_en": agency.name_en, "kind": agency.kind, "about_en": "", "about_km": "", "website": ""}
    office = reverse("wagtailsnippets_exhibitors_agency:edit", args=[agency.pk])

    for address in (office, reverse("desks:profile", args=[agency.code])):
        page = root.post(address, typed | {"new_logo": upload(disguise)}).content.decode()
        assert PICTURE in page or BROKEN in page
        root.force_login(agency.people.get())

    agency.refresh_from_db()
    assert (agency.logo.name, agency.shown_logo.name) == ("", "")


@disguised
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of the library beneath Wagtail's own look
def test_the_library_of_pictures_takes_none_by_whichever_door(root, disguise):
    title = {"title": "Logo", "collection": 1, "tags": ""}
    doors = [
        ("wagtailimages:add", "file", {}),
        ("wagtailimages:add_multiple", "files[]", {"headers": {"X-Requested-With": "XMLHttpRequest"}}),
        ("wagtailimages_chooser:create", "image-chooser-upload-file", {}),
    ]

    for door, field, options in doors:
        answer = root.post(reverse(door), title | {field: upload(disguise)}, **options)
        assert answer.status_code in (200, 400), door
        assert not get_image_model().objects.exists(), door


@disguised
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_picture_is_not_replaced_by_it(root, disguise):
    file = SimpleUploadedFile("a.png", PIXEL, "image/png")
    root.post(reverse("wagtailimages:add"), {"title": "Logo", "file": file, "collection": 1, "tags": ""})
    image = get_image_model().objects.get()
    typed = {"title": "Logo", "file": upload(disguise), "collection": 1, "tags": ""}
    typed |= dict.fromkeys([f"focal_point_{name}" for name in ("x", "y", "width", "height")], "")

    assert root.post(reverse("wagtailimages:edit", args=[image.pk]), typed).status_code == 200

    assert get_image_model().objects.get().file.name == image.file.name


@disguised
def test_a_photo_for_clearance_is_a_picture(db, disguise):
    person = make.registration(make.pass_type(needs_photo=True))
    form = AccreditationForm({}, {"photo": upload(disguise)}, registration=person, given=None)

    assert not form.is_valid()
    assert form.errors["photo"][0] in (PICTURE, BROKEN)
    assert "photo" not in form.cleaned_data


@disguised
def test_answers_and_signed_originals_are_pictures_or_pdf(disguise):
    with pytest.raises(ValidationError) as refused:
        Upload().clean(upload(disguise))

    assert refused.value.code in ("format", "broken")


def test_the_library_of_documents_takes_none_under_its_own_name(root):
    typed = {"title": "Logo", "file": upload("as it is"), "collection": 1, "tags": ""}

    assert root.post(reverse("wagtaildocs:add"), typed).status_code == 200

    assert not get_document_model().objects.exists()
