"""A body asks for an account, answers what organisers ask back, and is admitted or not. Only here its request changes."""

from collections.abc import Iterable
from contextlib import contextmanager
from functools import partial

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms import khmer
from cms.models import Edition
from cms.refusals import beside
from exhibitors import emails, entering, invitations
from exhibitors.models import AccountRequest, Agency, Membership

State = AccountRequest.State

ALIKE = 5  # agencies shown beside a request
ALIKE_FROM = 0.3  # of the groups of three letters in either name
NEEDS_A_WORD = {State.RETURNED, State.REFUSED}


def may_decide(user) -> bool:
    return user.has_perm("exhibitors.decide_accountrequest")


@transaction.atomic
def ask(*, edition: Edition, email: str, letter: ContentFile, **words) -> None:
    """Keeps what was asked and writes to the address. One that has confirmed a request for this body already gets its link
    again, and whoever asks is told the same either way: so nobody learns here who is known. What nobody has confirmed
    stands beside, since a stranger may have asked in the name of the address. Refuses with ``over``."""
    if edition.is_over:
        raise ValidationError(_("This forum is over; no account can be asked for."), code="over")
    email = email.strip().lower()
    confirmed = edition.account_requests.filter(state__in=[State.OPEN, State.RETURNED], confirmed_at__isnull=False)
    row = confirmed.filter(email=email, name_en__iexact=words["name_en"]).first()
    row = row or AccountRequest.objects.create(edition=edition, email=email, letter=letter, **words)
    emails.confirm_request(row)


@transaction.atomic
def confirm(*, request: AccountRequest) -> AccountRequest:
    """The address is theirs who ask. Once more changes nothing. Refuses with ``asked`` where another request of the
    address for this body is confirmed."""
    with _once():
        changed = AccountRequest.objects.filter(pk=request.pk, confirmed_at=None).update(confirmed_at=timezone.now())
    request.refresh_from_db()
    if changed:
        log(instance=request, action="exhibitors.confirm_request")
    return request


@transaction.atomic
def answer(*, request: AccountRequest, version: int, letter: ContentFile | None = None, **words) -> AccountRequest:
    """What is asked now, after a question; without a ``letter`` the one before stays. The address stays in any case.

    Refuses with ``state`` where nothing was asked back, ``changed`` where somebody answered meanwhile, and ``asked`` as
    ``confirm`` does.
    """
    row = _lock(request)
    if row.state != State.RETURNED:
        raise ValidationError(_("The organisers have no question about this request."), code="state")
    if row.version != version:
        raise ValidationError(_("It has been answered meanwhile. Open the link again."), code="changed")
    for name, value in words.items():
        setattr(row, name, value)
    if letter:
        before, row.letter = (row.letter.storage, row.letter.name), letter
        transaction.on_commit(lambda: before[1] and before[0].delete(before[1]))
    row.state, row.version = State.OPEN, row.version + 1
    row.confirmed_at = row.confirmed_at or timezone.now()  # the link came to this address
    with _once():
        row.save()
    log(instance=row, action="exhibitors.answer_request")
    return row


@transaction.atomic
def decide(
    *, request: AccountRequest, to: str, user, version: int, agency: Agency | None = None, remark: str = ""
) -> AccountRequest:
    """The organisers' word: accepted into a new agency, or into ``agency``; returned; refused.

    Who asked is invited to manage an agency for which nobody acts. Where somebody does, they are invited to look, and its
    managers are told: a stamped letter makes nobody stronger than those whom the agency knows.

    Once more changes nothing. Refuses with ``forbidden``, ``state``, ``changed`` (answered after ``version`` was read),
    ``address`` that nobody confirmed, ``remark`` where they have to be told why, ``known`` where a new agency would have
    the name of another, and as ``invitations.invite`` does.
    """
    if not may_decide(user):
        raise ValidationError(_("Only an exhibition manager decides on requests for an account."), code="forbidden")
    row = _lock(request)
    if row.state == to and (to != State.ACCEPTED or agency is None or agency.pk == row.agency_id):
        return row
    if row.state != State.OPEN:
        raise ValidationError(
            _("This request is %(state)s, so this cannot be decided.") % {"state": row.get_state_display()}, code="state"
        )
    if row.version != version:
        raise ValidationError(_("The request was answered meanwhile. Look at it again."), code="changed")
    if to in NEEDS_A_WORD and not remark.strip():
        raise beside("remark", _("Say why: who asked reads it."), "remark")
    if to == State.ACCEPTED:
        row.agency = _admit(row, agency, user)
    row.state, row.remark, row.decided_at, row.decided_by = to, remark.strip(), timezone.now(), user
    row.save(update_fields=["state", "remark", "decided_at", "decided_by", "agency"])
    log(instance=row, action=f"exhibitors.request_{to}", user=user, data={"remark": row.remark})
    if to in NEEDS_A_WORD:
        emails.tell_of_request(row)
    return row


def alike(request: AccountRequest) -> list[Agency]:
    """The agencies with names most like this one's, in either script, the most alike first; by the keys that searching
    uses. One query."""
    wanted = [_threes(khmer.fold(name)) for name in (request.name_en, request.name_km) if name]
    scored = []
    for agency in Agency.objects.only("code", "name_en", "name_km", "kind", "country", "website", "search_text"):
        names = [_threes(khmer.fold(name)) for name in (agency.name_en, agency.name_km) if name]
        score = max((len(a & b) / len(a | b) for a in wanted for b in names if a | b), default=0)
        if score >= ALIKE_FROM:
            scored.append((-score, agency.name_en, agency))
    return [agency for _score, _name, agency in sorted(scored, key=lambda found: found[:2])[:ALIKE]]


@transaction.atomic
def discard(rows: QuerySet[AccountRequest]) -> None:
    """Requests and letters go, except what is confirmed at this moment."""
    for row in rows.select_for_update():
        row.delete()
        if row.letter:
            transaction.on_commit(partial(row.letter.storage.delete, row.letter.name))


@transaction.atomic
def forget(rows: Iterable[AccountRequest]) -> None:
    """Letter, person and address go; the name of the body and what was decided stay."""
    for row in rows:
        file = row.letter.storage, row.letter.name
        AccountRequest.objects.filter(pk=row.pk).update(
            letter="", person="", position="", email="", phone="", remark=row.remark and "–", erased_at=timezone.now()
        )
        transaction.on_commit(lambda file=file: file[1] and file[0].delete(file[1]))


@contextmanager
def _once():
    """Of one address and body one confirmed request waits for the organisers, whoever confirms another at this moment."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise ValidationError(_("Your address has another request for this body."), code="asked") from None


def _lock(request) -> AccountRequest:
    return AccountRequest.objects.select_for_update(no_key=True).get(pk=request.pk)


def _admit(row, agency, user) -> Agency:
    if not row.is_confirmed:
        raise ValidationError(_("Nobody has confirmed the address yet, so nobody can be invited there."), code="address")
    if agency is None:
        agency = _enter(row, user)
    is_theirs = agency.memberships.exists()
    role = Membership.Role.COLLEAGUE if is_theirs else Membership.Role.MANAGER
    invitations.invite(agency=agency, email=row.email, language=row.language, user=user, role=role)
    if is_theirs:
        emails.tell_managers_of_request(row, agency)
    return agency


def _enter(row, user) -> Agency:
    known = beside("agency", _("“%(name)s” is known already: choose it.") % {"name": row.name_en}, "known")
    words = {name: getattr(row, name) for name in ("name_en", "name_km", "kind", "country", "website")}
    return entering.enter(user=user, known=known, source={"request": row.code}, **words)


def _threes(text: str) -> set[str]:
    """Its groups of three letters, which need no spaces between words."""
    text = f" {text} "
    return {text[at : at + 3] for at in range(len(text) - 2)}
