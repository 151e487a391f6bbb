"""Offers of booths: a proposal is published, a booth offered by hand, taken or not, and who waits moves up.

An offer is a held booking that answers an application. Nothing revives by itself: who has declined an offer or let it lapse
is offered another booth only by an organiser.
"""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.models import Edition
from cms.refusals import code_of
from exhibitors import allocation, explaining, posing, proposing
from exhibitors.models import Agency, AllocationRun, Application, Booking, Booth, Call
from exhibitors.placing import Rule, rules

LAST_MINUTE = datetime.time(23, 59)
MAY_BE_OFFERED = {Application.State.ACCEPTED, Application.State.WAITLISTED}


@transaction.atomic
def publish(*, run: AllocationRun, user) -> AllocationRun:
    """Offers everybody the booth that the proposal has for them, all or nobody. Once more changes nothing.

    Refuses with ``forbidden``, ``state`` where it is not done, ``none`` where it places nobody, ``stale`` where rows have
    changed so that it no longer fits, and as ``allocation.hold`` does.
    """
    proposing.refuse_stranger(user)
    run = AllocationRun.objects.select_related("edition").select_for_update(of=("self",)).get(pk=run.pk)
    if run.published_at:
        return run
    if run.state != AllocationRun.State.DONE:
        raise ValidationError(_("This proposal is not done, so it cannot be published."), code="state")
    lines = (
        run.lines.filter(booth__isnull=False).select_related("application__agency", "booth").order_by("application__code")
    )
    lines = list(lines)
    if not lines:
        raise ValidationError(_("This proposal has a booth for nobody."), code="none")
    _lock_all(lines)
    _refuse_stale(run, lines)
    until = answer_by(run.edition)
    for line in lines:
        allocation.hold(booth=line.booth, application=line.application, until=until, user=user)
    run.published_at, run.published_by = timezone.now(), user
    run.save(update_fields=["published_at", "published_by"])
    log(instance=run, action="exhibitors.publish_proposal", user=user, data={"offers": len(lines)})
    return run


@transaction.atomic
def offer(*, application: Application, booth: Booth, user) -> Booking:
    """Offers a booth by hand, whatever ``warnings`` say.

    Refuses with ``forbidden``, ``edition``, ``state`` and ``has_one`` of the application, and as ``allocation.hold`` does.
    """
    proposing.refuse_stranger(user)
    return _offer(application, booth, user)


def accept(*, booking: Booking, user) -> Booking:
    """The agency takes a booth that costs nothing, which is confirmed at once. Once more changes nothing; refuses with
    ``payable`` one that costs something: that is ordered."""
    return allocation.take(booking=booking, user=user)


@transaction.atomic
def decline(*, booking: Booking, user, reason: str = "") -> Booking:
    """The agency does not want the booth, which goes to others. Once more, or after its end, it changes nothing; refuses
    with ``confirmed`` where it was accepted."""
    if Booking.objects.filter(pk=booking.pk, state=Booking.State.CONFIRMED).exists():
        raise ValidationError(
            _("Booth %(booth)s is confirmed. Please ask the organisers to release it.") % {"booth": booking.booth},
            code="confirmed",
        )
    return allocation.release(booking=booking, user=user, reason=reason)


def warnings(*, application: Application, booth: Booth) -> list[str]:
    """What speaks against this booth for this application, beside who stands where now; empty where all is well."""
    problem, answer = posing.standing(application.edition)
    names = explaining.Names(application.edition)
    found = [
        explaining.refusal(each.rule, names.listed(key for key in each.applications if key != application.code))
        for each in _broken(problem, answer, application.code, booth.code)
    ]
    return [*_against_pins(application, booth), *found]


def promote() -> int:
    """Offers each booth that came back, because an offer ended or a booking that answered an application was released,
    to the first on the waiting list whom it fits; how many. Safe to repeat and to run twice at once."""
    waiting = Edition.objects.filter(applications__state=Application.State.WAITLISTED).distinct()
    return sum(_promote(edition) for edition in waiting if not edition.is_over)


def answer_by(edition: Edition) -> datetime.datetime:
    """The last minute in which an offer made now can be accepted, by the edition's own clock."""
    call = getattr(edition, "call", None) or Call()
    return datetime.datetime.combine(edition.today + datetime.timedelta(days=call.offer_days), LAST_MINUTE, edition.zone)


def _lock_all(lines):
    """Agencies, then applications, then booths, each in one order, so that none deadlock; all bookings queue up behind."""
    for model, keys in (
        (Agency, [line.application.agency_id for line in lines]),
        (Application, [line.application_id for line in lines]),
        (Booth, [line.booth_id for line in lines]),
    ):
        list(model.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True))


def _refuse_stale(run, lines):
    """The question is asked again: what changed without touching this answer does not matter."""
    problem = posing.pose(run.edition, proposing.weights_of(run))
    if problem.digest == run.digest:
        return
    names, answer, trouble = explaining.Names(run.edition), {}, []
    for line in lines:
        application, booth = line.application.code, line.booth.code
        values = {"agency": line.application.agency.name, "booth": booth}
        if application not in problem.by_key:
            trouble.append(_("%(agency)s no longer waits for a booth.") % values)
        elif booth not in problem.booth_by_key:
            trouble.append(_("Booth %(booth)s, proposed for %(agency)s, can no longer be given.") % values)
        else:
            answer[application] = booth
    for each in rules.broken(problem, answer):
        whom = names.listed(each.applications)
        values = {"agencies": whom, "why": explaining.refusal(each.rule, whom)}
        trouble.append(_("What is proposed for %(agencies)s no longer fits: %(why)s") % values)
    if trouble:
        raise ValidationError([ValidationError(sentence, code="stale") for sentence in trouble])


def _offer(application, booth, user) -> Booking:
    agency = Agency.objects.select_for_update(no_key=True).get(pk=application.agency_id)
    row = Application.objects.select_for_update(no_key=True).get(pk=application.pk)
    if row.edition_id != booth.edition_id:
        raise ValidationError(_("The booth belongs to another forum."), code="edition")
    if row.state not in MAY_BE_OFFERED:
        raise ValidationError(
            _("The application of %(agency)s is %(state)s, so it cannot be offered a booth.")
            % {"agency": agency.name, "state": row.get_state_display()},
            code="state",
        )
    if row.bookings.live().exists():
        raise ValidationError(
            _("%(agency)s has a booth or an offer of one already.") % {"agency": agency.name}, code="has_one"
        )
    return allocation.hold(booth=booth, application=row, until=answer_by(booth.edition), user=user)


def _broken(problem, answer, application: str, booth: str) -> list[rules.Broken]:
    """What this one would break. That a booth is taken the database says."""
    found = rules.broken(problem, answer | {application: booth})
    return [each for each in found if application in each.applications and each.rule != Rule.TAKEN]


def _against_pins(application, booth) -> list[str]:
    found = []
    if application.pin_id not in (None, booth.pk):
        found.append(explaining.refusal(Rule.PINNED))
    for other in booth.pinned.live().exclude(pk=application.pk).select_related("agency"):
        found.append(_("The organisers keep it for %(agencies)s.") % {"agencies": other.agency.name})
    return found


def _promote(edition) -> int:
    booths = _come_back(edition)
    if not booths:
        return 0
    problem, answer = posing.standing(edition)
    made = 0
    for application in edition.applications.in_line().filter(bookings=None).prefetch_related("wishes"):
        if booth := _give_one(application, booths, problem, answer):
            booths.remove(booth)
            answer[application.code] = booth.code
            made += 1
    return made


def _come_back(edition) -> list[Booth]:
    """Free booths whose last booking answered an application."""
    last = Booking.objects.filter(booth=OuterRef("pk")).order_by("-booked_at", "-pk").values("application")[:1]
    booths = edition.booths.to_give().free().filter(zone__by_application=True)
    return list(booths.annotate(answered=Subquery(last)).filter(answered__isnull=False).prefetch_related("pinned"))


def _give_one(application, booths, problem, answer) -> Booth | None:
    """Of the booths that fit, the dearest; the next one where somebody is quicker."""
    for booth in sorted(booths, key=lambda booth: (application.rank_of(booth) or len(problem.booths), booth.code)):
        if not _may_have(application, booth) or _broken(problem, answer, application.code, booth.code):
            continue
        try:
            with transaction.atomic():
                _offer(application, booth, user=None)
        except ValidationError as refusal:
            if code_of(refusal) in {"state", "has_one"}:  # by another process, or they left at this moment
                return None
        else:
            return booth
    return None


def _may_have(application, booth) -> bool:
    pinned = [other.pk for other in booth.pinned.all() if other.is_live]
    return application.pin_id in (None, booth.pk) and pinned in ([], [application.pk])
