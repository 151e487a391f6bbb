"""Passes and people for tests."""

import datetime
from io import BytesIO
from itertools import count

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from cms import images
from cms.models import Edition
from forum.registration import accrediting, delegating, personal_inviting, signup
from forum.registration.models import (
    AccessCode,
    Choice,
    Delegation,
    FurtherUse,
    Guest,
    GuestList,
    PassType,
    PersonalInvitation,
    Places,
    PrivacyNotice,
    Question,
    Quota,
    Registration,
)
from tests.factories import cms, exhibitors

_people = count(1)


def pass_type(edition=None, slug="delegate", size=100, **fields) -> PassType:
    """A pass that draws on one quota of ``size`` places (none where ``size`` is None)."""
    edition = edition or cms.edition()
    made = PassType.objects.create(edition=edition, slug=slug, **({"name_en": "Delegate", "name_km": "ប្រតិភូ"} | fields))
    if size is not None:
        made.quotas.add(Quota.objects.create(edition=edition, name=f"{slug} places", size=size))
    return made


def access_code(of=None, code="SPEAKER27", **fields) -> AccessCode:
    return AccessCode.objects.create(pass_type=of or pass_type(slug="speaker", access="code"), code=code, **fields)


def question(edition, kind="text", *, choices=(), passes=(), **fields) -> Question:
    made = Question.objects.create(edition=edition, kind=kind, **({"label_en": f"Your {kind}?"} | fields))
    for code in choices:
        Choice.objects.create(question=made, code=code, name_en=code.title(), name_km=f"ខ{code}")
    made.passes.set(passes)
    return made


def notice(edition, version=1, ago=60, **fields) -> PrivacyNotice:
    """A version that has been in force for so many minutes; None: a draft."""
    published = None if ago is None else timezone.now() - datetime.timedelta(minutes=ago)
    words = {"summary_en": "Used for the forum.", "summary_km": "ប្រើសម្រាប់វេទិកា។", "text_en": "<p>All of it.</p>"}
    words |= {"text_km": "<p>ទាំងអស់។</p>"}
    return PrivacyNotice.objects.create(edition=edition, version=version, published_at=published, **(words | fields))


def further_use(edition, **fields) -> FurtherUse:
    words = {"label_en": "My photo may stand in reports.", "label_km": "រូបថតរបស់ខ្ញុំអាចបង្ហាញក្នុងរបាយការណ៍។"}
    return FurtherUse.objects.create(edition=edition, **(words | fields))


def person(**fields) -> dict:
    """What somebody types, as the form hands it to the act."""
    number = next(_people)
    return {"name_latin": f"SOK Dara {number}", "email": f"person{number}@example.org"} | fields


def aide(address="aide@example.org", name="An aide", own="") -> dict:
    """The columns of who is written to by this contact; both, where the person has an address of their ``own``."""
    receives = "both" if own else "contact"
    return {"email": own, "contact_name": name, "contact_email": address, "receives": receives}


def registration(of=None, **fields) -> Registration:
    of = of or pass_type()
    return signup.register(edition=of.edition, pass_type=of, **person(**fields))


DOCUMENT = {
    "sex": "F", "born_on": datetime.date(1980, 5, 17), "nationality": "KH", "document_kind": "passport",
    "document_number": "N0123456",
}  # fmt: skip


def picture(size=(600, 800), colour="teal", kind="JPEG", **options) -> bytes:
    """A portrait that shows nobody."""
    written = BytesIO()
    Image.new("RGB", size, colour).save(written, kind, **options)
    return written.getvalue()


def photo(**fields) -> ContentFile:
    return images.portrait(ContentFile(picture(**fields), name="me.jpg"))


def accredit(person: Registration, **fields) -> Registration:
    """Gives all that a pass may ask for."""
    return accrediting.give(registration=person, **(DOCUMENT | {"photo": photo()} | fields))


def delegation(agency=None, **places) -> Delegation:
    """A delegation with ``places`` by the short name of each pass; of one delegate where nothing is said."""
    made = None
    for slug, size in (places or {"delegate": 1}).items():
        edition = Edition.objects.current() or cms.edition()
        of = edition.pass_types.filter(slug=slug).first() or pass_type(edition, slug=slug, name_en=slug.capitalize())
        made = made or Delegation.objects.create(edition=of.edition, agency=agency or exhibitors.agency())
        Places.objects.create(delegation=made, pass_type=of, size=size)
    return made


def delegate(of: Delegation, user=None, slug="delegate", **fields) -> Registration:
    """A person in a place of the delegation, as its focal point names them."""
    user = user or exhibitors.member(of.agency)
    return delegating.register(
        delegation=of, pass_type=PassType.objects.get(slug=slug, edition=of.edition), user=user, **person(**fields)
    )


def guest_list(of=None, **fields) -> GuestList:
    """A list whose guests may reply for ten days more, with a pass by invitation."""
    of = of or pass_type(slug="guest", access="invitation", name_en="Guest of honour", name_km="ភ្ញៀវកិត្តិយស")
    values = {
        "name_en": "Guests of the opening",
        "name_km": "ភ្ញៀវនៃពិធីបើក",
        "pass_type": of,
        "reply_by": of.edition.today + datetime.timedelta(days=10),
        "contact_name": "Protocol office",
        "contact_email": "protocol@example.org",
    }
    return GuestList.objects.create(edition=of.edition, **(values | fields))


def guest(of=None, **fields) -> Guest:
    return Guest.objects.create(guest_list=of or guest_list(), **({"language": "en"} | person(**fields)))


def personal_invitation(of=None, user=None, **fields) -> PersonalInvitation:
    """One for a pass by invitation alone, valid for ten days."""
    of = of or pass_type(slug="guest", access="invitation", name_en="Guest of honour", name_km="ភ្ញៀវកិត្តិយស")
    until = timezone.now() + datetime.timedelta(days=10)
    values = {"valid_until": until, "language": "en"} | person(**fields)
    return personal_inviting.invite(pass_type=of, user=user, **values)
