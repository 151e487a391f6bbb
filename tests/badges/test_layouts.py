"""Layouts: chosen by pass, kept by staff, looked at and tried with everybody before anything prints."""

from io import BytesIO

import pikepdf
import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image

from forum.accounts import roles
from forum.badges import facing, previewing, printing
from forum.badges.models import BadgeLayout, LayoutOfPass
from forum.badges.shapes import FIELDS
from forum.registration.models import AccessZone, Registration
from tests.factories import accounts, agenda, cms, exhibitors
from tests.factories import registration as make
from tests.signing_in import Visitor

pytestmark = pytest.mark.django_db


def layout(edition, *passes, **fields):
    made = BadgeLayout.objects.create(edition=edition, **({"name": f"Layout of {len(passes)}"} | fields))
    made.pass_types.set(passes)
    return made


def design_of(person):
    (drawable,) = facing.drawables(printing.issue([person]))
    return drawable.face.design


@pytest.fixture
def organiser():
    return signed_in("organiser")


def signed_in(role):
    roles.make()
    user = accounts.user()
    user.groups.add(Group.objects.get(name=role))
    client = Visitor()
    client.force_login(user)
    return client


def typed(edition, **changes):
    order = {f"order_{place}": name for place, name in enumerate(FIELDS)}
    return {
        "edition": edition.pk, "name": "Cards", "shape": "card", "ground": "#14632F", "accent": "#f0b429", "back": "",
        "back_text_en": "", "back_text_km": "",
    } | order | changes  # fmt: skip


ADD = "wagtailsnippets_badges_badgelayout:add"


def errors_of(organiser, edition, **changes):
    return organiser.post(reverse(ADD), typed(edition, **changes)).context["form"].errors.as_data()


def test_a_pass_has_its_layout_the_others_the_one_for_others_and_else_a6():
    guest = make.pass_type(slug="guest")
    media = make.pass_type(guest.edition, slug="media")
    one, other = make.registration(of=guest), make.registration(of=media)
    assert (design_of(one).shape, design_of(other).shape) == ("a6", "a6")

    layout(guest.edition, guest, shape="card")
    assert (design_of(one).shape, design_of(other).shape) == ("card", "a6")

    layout(guest.edition, name="Others", shape="label", is_for_others=True)
    assert (design_of(one).shape, design_of(other).shape) == ("card", "label")


def test_beneath_a_pass_is_in_one_layout_and_one_layout_is_for_the_others():
    pass_type = make.pass_type()
    one = layout(pass_type.edition, pass_type, is_for_others=True)
    two = layout(pass_type.edition, name="Two")

    with pytest.raises(IntegrityError), transaction.atomic():
        LayoutOfPass.objects.create(layout=two, pass_type=pass_type)
    with pytest.raises(IntegrityError), transaction.atomic():
        BadgeLayout.objects.filter(pk=two.pk).update(is_for_others=True)
    assert list(pass_type.badge_layouts.all()) == [one]


def test_zones_and_days_of_the_pass_stand_on_the_badge():
    edition = cms.edition()
    pass_type = make.pass_type(edition, days=[edition.opens_on.isoformat()])
    pass_type.zones.add(AccessZone.objects.create(edition=edition, name_en="Plenary", name_km="មហាសន្និបាត"))
    people = [make.registration(of=pass_type), make.registration(of=pass_type, language="km")]

    faces = [drawable.face for drawable in facing.drawables(printing.issue(people))]

    assert [face.zones for face in faces] == [("Plenary",), ("មហាសន្និបាត",)]
    assert [face.days for face in faces] == [pass_type.days_written, faces[1].days]
    assert faces[0].days != faces[1].days


def test_the_other_side_holds_the_programme_of_the_days_of_the_pass():
    edition = cms.edition()
    for day in (1, 2):
        agenda.session(edition, at=agenda.moment(edition, day=day), title_en=f"Of day {day}")
    all_days, one_day = make.pass_type(edition), make.pass_type(edition, slug="day", days=[edition.opens_on.isoformat()])

    def titles(pass_type):
        return [line.split("  ")[1] for line, is_heading in facing.programme(edition, pass_type) if not is_heading]

    assert titles(all_days) == ["Of day 1", "Of day 2"]
    assert titles(one_day) == ["Of day 1"]


def test_fronts_and_backs_follow_one_another():
    pass_type = make.pass_type()
    layout(pass_type.edition, pass_type, back="text", back_text_en="Wi-Fi: forum\nHelp: 012")

    with pikepdf.open(BytesIO(printing.render(printing.issue([make.registration(of=pass_type)])))) as paper:
        assert len(paper.pages) == 2


def test_a_photo_stands_on_the_badge_as_it_was_given_and_only_where_the_layout_has_one():
    pass_type = make.pass_type(needs_photo=True)
    person = make.accredit(make.registration(of=pass_type))
    (badge,) = printing.issue([person])

    assert pictures(printing.render([badge])) == []
    layout(pass_type.edition, pass_type, has_photo=True)

    (drawable,) = facing.drawables([badge])
    assert pictures(printing.render([badge])) == [drawable.whole().photo]


def pictures(data):
    """The JPEGs of a document, as they lie in it."""
    with pikepdf.open(BytesIO(data)) as paper:
        return [each.read_raw_bytes() for each in paper.objects if _is_jpeg(each)]


def _is_jpeg(found):
    return isinstance(found, pikepdf.Stream) and found.get("/Filter") in ("/DCTDecode", ["/DCTDecode"])


def test_a_photo_whose_file_is_gone_leaves_the_grey_figure():
    pass_type = make.pass_type(needs_photo=True)
    person = make.accredit(make.registration(of=pass_type))
    layout(pass_type.edition, pass_type, has_photo=True)
    (drawable,) = facing.drawables(printing.issue([person]))
    drawable.photo.photo.storage.delete(drawable.photo.photo.name)

    assert drawable.whole().photo == b""
    assert printing.render(printing.issue([person]))[:4] == b"%PDF"


def test_badges_of_one_shape_come_out_together_whatever_the_order():
    first = make.pass_type(slug="a")
    pass_types = [first, make.pass_type(first.edition, slug="b")]
    layout(pass_types[1].edition, pass_types[1], shape="card")
    people = [make.registration(of=pass_types[number % 2]) for number in range(4)]

    with pikepdf.open(BytesIO(printing.render(printing.issue(people)))) as paper:
        widths = [round(float(page.mediabox[2]) / 72 * 25.4) for page in paper.pages]

    assert widths == [105, 105, 86, 86]


def test_faces_of_many_cost_as_many_queries_as_of_one(django_assert_num_queries):
    pass_type = make.pass_type(needs_photo=True)
    layout(pass_type.edition, pass_type, has_photo=True)
    badges = printing.issue([make.accredit(make.registration(of=pass_type)) for _number in range(3)])

    for some in (badges[:1], badges):
        with django_assert_num_queries(3):  # layouts, zones, photos
            facing.drawables(some)


def test_staff_make_a_layout(organiser):
    pass_type = make.pass_type()
    picture = BytesIO()
    Image.new("RGB", (20, 20), "red").save(picture, "PNG")
    emblem = SimpleUploadedFile("emblem.png", picture.getvalue(), "image/png")
    swapped = {"order_0": "agency", "order_1": "name", "order_2": "", "order_3": "days", "order_4": ""}

    answer = organiser.post(
        reverse(ADD), typed(pass_type.edition, pass_types=[pass_type.pk], emblem=emblem, has_photo="on", **swapped)
    )

    made = BadgeLayout.objects.get()
    assert answer.status_code == 302
    assert (made.shape, made.ground, made.order) == ("card", "#14632f", ["agency", "name", "days"])
    assert list(made.pass_types.all()) == [pass_type]
    assert made.emblem.name.startswith("layouts/") and made.has_photo


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"order_0": ""}, "order", "name"),
        ({"order_1": "name"}, "order", "twice"),
        ({"ground": "red"}, "ground", "invalid"),
        ({"shape": "a0"}, "shape", "invalid_choice"),
        ({"back": "text"}, "back_text_en", "required"),
        ({"back": "picture"}, "back_picture", "required"),
    ],
)
def test_a_layout_that_cannot_be_is_refused_beside_its_field(organiser, changes, field, code):
    found = errors_of(organiser, cms.edition(), **changes)

    assert [(name, refusal.code) for name, refusals in found.items() for refusal in refusals] == [(field, code)]
    assert not BadgeLayout.objects.exists()


def test_passes_of_another_edition_or_layout_are_refused(organiser):
    pass_type = make.pass_type()
    other = make.pass_type(cms.edition(slug="2031", is_current=False), slug="other")
    layout(pass_type.edition, pass_type)

    for chosen, code in ((other, "other_edition"), (pass_type, "taken")):
        found = errors_of(organiser, pass_type.edition, pass_types=[chosen.pk])
        assert found["pass_types"][0].code == code


def test_the_preview_shows_the_widest_and_the_narrowest_people():
    pass_type = make.pass_type()
    made = layout(pass_type.edition, pass_type)
    agency = exhibitors.agency(name_km="ក្រសួងប្រៃសណីយ៍ និងទូរគមនាគមន៍")
    names = [("IIIIIIIIIIII", "លី"), ("MMMMMMMMMMM", "សុខ សុវណ្ណ"), ("LY", "ចាន់ វណ្ណា សុភាព"), ("SOK Dara", "")]
    wide, _middle, narrow, plain = [make.registration(of=pass_type, name_latin=en, name_km=km) for en, km in names]
    Registration.objects.filter(pk=plain.pk).update(agency=agency)

    shown = previewing.examples(made)

    assert shown[0].name_latin == "MMMMMMMMMMM", "by what it takes on paper, not by letters"
    assert {person.name_latin for person in shown} == {"MMMMMMMMMMM", "LY", "IIIIIIIIIIII", "SOK Dara"}
    assert narrow in shown and wide in shown


def test_where_nobody_is_registered_the_preview_shows_nobody_real(organiser):
    pass_type = make.pass_type()
    made = layout(pass_type.edition, pass_type)

    answer = organiser.get(reverse("badges_preview", args=[made.pk]))

    assert [person.pk for person in previewing.examples(made)] == [None, None]
    assert answer.content[:4] == b"%PDF" and "no-store" in answer["Cache-Control"]


def test_a_preview_makes_no_badge():
    pass_type = make.pass_type()
    person = make.registration(of=pass_type)

    previewing.preview(layout(pass_type.edition, pass_type))

    assert not person.badges.exists()


def test_what_would_not_fit_is_told_before_anything_prints():
    edition = cms.edition()
    fine, small = make.pass_type(edition), make.pass_type(edition, slug="small", needs_photo=True)
    layout(edition, small, shape="card", has_photo=True)
    make.registration(of=fine)
    long = make.registration(of=small, position=" ".join(["Deputy Director General"] * 5))

    *found, seen = previewing.problems(edition)

    assert [(problem.of, problem.texts, problem.lacks_photo) for problem in found] == [(long, (long.position,), True)]
    assert seen == 2


def test_what_all_badges_of_a_pass_share_is_told_once():
    pass_type = make.pass_type()
    layout(pass_type.edition, pass_type, back="text", back_text_en="A line of a long text\n" * 90)
    for _number in range(2):
        make.registration(of=pass_type)

    *found, _seen = previewing.problems(pass_type.edition)

    assert [problem.of for problem in found] == [pass_type]


def test_trying_more_people_costs_no_more_queries(django_assert_num_queries):
    pass_type = make.pass_type()
    layout(pass_type.edition, pass_type, has_photo=True)
    for _more in range(2):
        make.registration(of=pass_type)
        with django_assert_num_queries(4):  # layouts, people, zones, photos
            list(previewing.problems(pass_type.edition))


def test_the_page_tells_as_it_finds(organiser):
    pass_type = make.pass_type(needs_photo=True)
    layout(pass_type.edition, pass_type, has_photo=True)
    make.registration(of=pass_type, name_latin="SOK <b>Dara")

    answer = organiser.get(reverse("badges_check"))
    said = b"".join(answer.streaming_content).decode()

    assert "SOK &lt;b&gt;Dara" in said and "No photo was given" in said and "1 person looked at" in said
    assert "no-store" in answer["Cache-Control"]


def test_who_may_not_see_people_sees_neither_preview_nor_report():
    made, client = layout(cms.edition()), signed_in("protocol")

    for address in (reverse("badges_preview", args=[made.pk]), reverse("badges_check")):
        assert client.get(address).status_code in {302, 403}


def test_before_there_is_an_edition_the_page_says_so(organiser):
    answer = organiser.get(reverse("badges_check"))

    assert "There is no edition yet." in b"".join(answer.streaming_content).decode()
