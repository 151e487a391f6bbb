"""Asking people, some days before, whether they come: a place that somebody gives back in time is another's."""

import datetime

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from cms.models import Edition
from forum.registration import emails
from forum.registration.models import Registration

AT_ONCE = 500


def due(edition: Edition):
    """Who has a place and an address and has not been asked; nobody before the day, after the beginning, or who registered
    since."""
    people = Registration.objects.coming().of(edition).filter(coming="").exclude(email="", contact_email="")
    if edition.reminder_days is None or edition.begins_at <= timezone.now():
        return people.none()
    moment = edition.begins_at - datetime.timedelta(days=edition.reminder_days)
    return people.filter(registered_at__lt=moment) if moment <= timezone.now() else people.none()


def ask_everybody() -> int:
    """Asks so many at a time; how many. Safe to repeat and to run twice."""
    editions = Edition.objects.filter(reminder_days__isnull=False, opens_on__gte=timezone.localdate())
    people = [person for edition in editions for person in due(edition).with_names().order_by("pk")[:AT_ONCE]]
    return sum(ask(registration=person) for person in people)


@transaction.atomic
def ask(*, registration: Registration) -> bool:
    """Writes to one person, once; whether this call did it."""
    rows = Registration.objects.coming().filter(pk=registration.pk, coming="")
    if not rows.update(coming=Registration.Coming.ASKED):
        return False
    emails.send_reminder(registration)
    return True


@transaction.atomic
def say_yes(*, registration: Registration) -> None:
    """The person comes; once more, or without a place, nothing changes."""
    rows = Registration.objects.coming().filter(pk=registration.pk).exclude(coming=Registration.Coming.YES)
    if rows.update(coming=Registration.Coming.YES):
        log(instance=registration, action="registration.say_coming")
