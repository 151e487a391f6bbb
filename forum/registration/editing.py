"""Changing what a registration holds."""

from django.db import transaction
from wagtail.log_actions import log

from forum.registration import answering
from forum.registration.answering import Answers
from forum.registration.models import Registration


@transaction.atomic
def correct_answers(*, registration: Registration, answers: Answers, user=None) -> Registration:
    """Keeps what staff corrected; the history says that they did, not what."""
    if answering.keep(registration, answers):
        log(instance=registration, action="registration.answers", user=user)
    return registration
