"""Mail: written in its reader's language, queued together with what caused it, sent by the worker."""

import re
from email.utils import make_msgid
from functools import reduce
from operator import or_
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.template import Context, TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import timezone, translation
from post_office.models import PRIORITY, STATUS, Attachment, Email
from wagtail.log_actions import log

SIGNATURE = "\n--\n"  # as cms/mail/base.txt has it
ADDRESS = re.compile(r"https?://\S+")


def queue(
    *,
    template: str,
    context: dict,
    to: list[str],
    language: str,
    attachments: dict[str, tuple[bytes, str]] | None = None,
) -> Email:
    """Queues ``<template>.txt``, with ``<template>.html`` beside it where there is one, in the caller's transaction.

    Without one the text itself stands in the frame of all the others. The text extends ``cms/mail/base.txt``: a block
    ``subject`` and a block ``body``. ``attachments`` are ``{name: (content, media type)}``. Where the context has an
    ``edition`` it signs the mail, takes the answers and is named in the subject; times are those of its
    clock. Three statements with attachments, one without.
    """
    if any("," in address for address in to):
        raise ValueError("one address each: the queue joins them by commas")
    context = {"base_url": settings.BASE_URL, "language": language} | context
    edition = context.get("edition")
    with translation.override(language), timezone.override(edition.zone if edition else None):
        # Text knows no markup, so nothing in it may be escaped; get_template() alone would escape names like D'Arc.
        text = get_template(f"{template}.txt").template.render(Context(context, autoescape=False))
        subject, _, body = text.partition("\n\n")
        subject = _naming_the_forum(" ".join(subject.removeprefix("Subject:").split()), context)
        body = re.sub(r"\n{3,}", "\n\n", body).strip() + "\n"
        html = _html(f"{template}.html", context) or _framed(subject, body, context)

    with transaction.atomic(savepoint=False):
        email = Email(
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=to,
            subject=subject,
            message=body,
            html_message=html,
            headers=_headers(context, language),
            priority=PRIORITY.medium,
            status=STATUS.queued,
            message_id=_number(),
        )
        email.save()
        if attachments:
            _attach(email, attachments)
    return email


@transaction.atomic
def send_again(*, user) -> int:
    """Queues every letter anew that was given up after its last try; how many. Sent ones are never touched."""
    number = Email.objects.filter(status=STATUS.failed).update(
        status=STATUS.queued, number_of_retries=None, scheduled_time=None
    )
    log(instance=user, action="cms.send_again", user=user, data={"number": number})
    return number


def forget(*words: str) -> None:
    """Deletes every letter in which one of these words stands, sent or not, with what was attached to it alone."""
    letters = Email.objects.filter(reduce(or_, [Q(message__contains=word) for word in words]))
    attached = list(Attachment.objects.filter(emails__in=letters).distinct())
    letters.delete()
    lone = [attachment for attachment in attached if not attachment.emails.exists()]
    Attachment.objects.filter(pk__in=[attachment.pk for attachment in lone]).delete()
    files = [(attachment.file.storage, attachment.file.name) for attachment in lone]
    transaction.on_commit(lambda: [storage.delete(name) for storage, name in files])


def _naming_the_forum(subject: str, context: dict) -> str:
    """In a full letter box the subject alone is read. What somebody wrote as ``subject`` stays as it is."""
    edition = context.get("edition")
    if not edition or "subject" in context or edition.short_name in subject:
        return subject
    return f"{subject} – {edition.short_name}"


def _html(template: str, context: dict) -> str:
    try:
        return get_template(template).render(context)
    except TemplateDoesNotExist as missing:
        if str(missing) != template:  # a piece of the template, not the template
            raise
        return ""


def _framed(subject: str, body: str, context: dict) -> str:
    """The text above its signature, in paragraphs; an address that has a line to itself becomes a button."""
    said = body.rpartition(SIGNATURE)[0].strip()
    paragraphs = [
        [{"text": line, "is_address": bool(ADDRESS.fullmatch(line))} for line in paragraph.splitlines()]
        for paragraph in said.split("\n\n")
    ]
    # The text has said already for whom it is.
    written = {"subject": subject, "paragraphs": paragraphs, "for_whom": ""}
    return get_template("cms/mail/framed.html").render(context | written)


def _number() -> str:
    """The letter's own Message-ID: sent again after a fall, it is known as the same letter."""
    return make_msgid(domain=urlsplit(settings.BASE_URL).hostname)


def _headers(context: dict, language: str) -> dict:
    headers = {"Content-Language": language, "Auto-Submitted": "auto-generated"}
    edition = context.get("edition")
    if edition and edition.contact_email:
        headers["Reply-To"] = edition.contact_email
    return headers


def _attach(email: Email, attachments: dict[str, tuple[bytes, str]]) -> None:
    rows = Attachment.objects.bulk_create(
        Attachment(name=name, mimetype=media_type, file=ContentFile(content, name=name))
        for name, (content, media_type) in attachments.items()
    )
    through = Attachment.emails.through
    through.objects.bulk_create(through(email=email, attachment=row) for row in rows)
