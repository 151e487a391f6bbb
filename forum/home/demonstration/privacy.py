"""The privacy notice in force, made of the page about privacy, and who of the made-up people has agreed to it."""

from django.db import transaction
from django.utils import timezone

from cms.models import Edition
from forum.home.demonstration.files import read_json
from forum.registration import noticing
from forum.registration.models import Consent, FurtherUse, PrivacyNotice, Registration

PAGE = "privacy"
EVERY = 7  # one person of so many has not said yet


@transaction.atomic
def load(edition: Edition) -> None:
    facts = read_json("privacy.json")
    texts = {f"text_{language}": _text(language) for language in ("en", "km")}
    notice = PrivacyNotice(edition=edition, published_at=timezone.now(), **facts["notice"], **texts)
    noticing.write(notice=notice, user=None)
    FurtherUse.objects.create(edition=edition, **facts["use"])
    people = Registration.objects.of(edition).coming().order_by("pk")
    Consent.objects.bulk_create(
        Consent(registration=person, holder_no=person.holder_no, notice=notice)
        for number, person in enumerate(people)
        if number % EVERY
    )


def _text(language: str) -> str:
    page = next(page for page in read_json("pages.json") if page["slug"] == PAGE)
    blocks = page[language]["body"]
    return "".join(f"<h3>{block['value']}</h3>" if block["type"] == "heading" else block["value"] for block in blocks)
