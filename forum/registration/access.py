"""Who may choose a pass: its window, its codes, and the uses of each code."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms import codes
from cms.models import Edition
from cms.refusals import beside
from forum.registration.models import AccessCode, PassType

AT_ONCE = 1000  # codes made by one press of a button
LONGEST, SHORTEST = 20, 6  # letters of a code; fewer can be guessed


def check(*, pass_type: PassType, typed: str) -> AccessCode | None:
    """The code by which a person who registers may choose this pass, None where it needs none.

    Refuses beside the pass with ``pass`` (by invitation) and ``pass_closed``, beside the code with ``code_needed``,
    ``code_unknown``, ``code_expired`` and ``code_other``. Whether uses are left is for ``take_use`` to say.
    """
    if pass_type.access == PassType.Access.INVITATION:
        raise beside("pass_type", _("This pass is not on offer."), "pass")
    if not pass_type.is_open:
        raise beside("pass_type", _("This pass cannot be chosen now."), "pass_closed")
    if typed:
        return find(pass_type=pass_type, typed=typed)
    if pass_type.needs_code:
        raise beside("code", _("This pass needs a code."), "code_needed")
    return None


def find(*, pass_type: PassType, typed: str) -> AccessCode:
    """The code as it was typed, with or without hyphens and in any case."""
    code = _read(pass_type.edition_id, typed)
    if code is None:
        raise _unknown()
    if code.is_expired:
        raise _expired()
    if code.pass_type_id != pass_type.pk:
        raise beside("code", _("This code is for another pass: %(pass)s.") % {"pass": code.pass_type.name}, "code_other")
    return code


def opened_by(*, edition: Edition, typed: str) -> tuple[dict[str, str], str]:
    """What a link with a code fills into the form, and why the code will be refused, if it will."""
    if not codes.read(typed):
        return {}, ""
    code, filled = _read(edition.pk, typed), {"code": typed[:LONGEST]}
    if code is None:
        return filled, _sentence(_unknown())
    filled["pass_type"] = code.pass_type.slug
    if code.is_expired:
        return filled, _sentence(_expired())
    return filled, _sentence(used_up()) if code.is_used_up else ""


def take_use(code: AccessCode) -> None:
    """Takes one use or refuses with ``code_used``: one conditional UPDATE both checks and takes."""
    if not AccessCode.objects.filter(pk=code.pk, taken__lt=F("uses")).update(taken=F("taken") + 1):
        raise used_up()


def give_back(code_id: int | None) -> None:
    """Frees the use that a registration took, if it took one."""
    if code_id:
        AccessCode.objects.filter(pk=code_id, taken__gt=0).update(taken=F("taken") - 1)


def move_use(before_id: int | None, after: AccessCode | None) -> None:
    """Gives one use back and takes another; in id order, so that two never wait for each other."""
    if after is None or (before_id and before_id < after.pk):
        give_back(before_id)
        before_id = None
    if after:
        take_use(after)
    give_back(before_id)


def used_up() -> ValidationError:
    return beside("code", _("This code has been used as often as it may be."), "code_used")


@transaction.atomic
def issue_codes(
    *,
    pass_type: PassType,
    number: int = 1,
    uses: int = 1,
    word: str = "",
    valid_until: datetime.datetime | None = None,
    note: str = "",
    user=None,
) -> list[AccessCode]:
    """Makes ``number`` codes for one pass at random, or the one that is ``word``.

    Refuses with ``no_code`` (a pass that needs none), ``too_many`` (past a thousand), ``word`` (too short or too long),
    ``one_word`` (several codes cannot be one word) and ``taken``.
    """
    if not pass_type.needs_code:
        raise ValidationError(_("Nobody needs a code for this pass."), code="no_code")
    if not 1 <= number <= AT_ONCE:
        raise beside("number", _("From 1 to %(number)s at once.") % {"number": AT_ONCE}, "too_many")
    wanted = [_check_word(word, number)] if word else [codes.ten() for _number in range(number)]
    made = AccessCode.objects.bulk_create(
        AccessCode(code=code, pass_type=pass_type, uses=uses, valid_until=valid_until, note=note) for code in wanted
    )
    log(instance=pass_type, action="registration.issue_codes", user=user, data={"number": number, "uses": uses})
    return made


def _check_word(word: str, number: int) -> str:
    code = codes.read(word)
    if number > 1:
        raise beside("word", _("A word of your own is one code, not several."), "one_word")
    if not SHORTEST <= len(code) <= LONGEST:
        sentence = _("From %(shortest)s to %(longest)s Latin letters and digits.")
        raise beside("word", sentence % {"shortest": SHORTEST, "longest": LONGEST}, "word")
    if AccessCode.objects.filter(code=code).exists():
        raise beside("word", _("There is such a code already."), "taken")
    return code


def _read(edition_id: int, typed: str) -> AccessCode | None:
    """One that people may type: a personal invitation's code is used through its link alone."""
    known = AccessCode.objects.filter(pass_type__edition=edition_id, personal_invitation=None).select_related("pass_type")
    return known.filter(code=codes.read(typed)[:LONGEST]).first()


def _unknown() -> ValidationError:
    return beside("code", _("We do not know this code. Look whether it is typed as you received it."), "code_unknown")


def _expired() -> ValidationError:
    return beside("code", _("This code has expired."), "code_expired")


def _sentence(refusal: ValidationError) -> str:
    return refusal.messages[0]
