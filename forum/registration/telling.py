"""What people tell when they register, beside what stands in their own row."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from forum.registration import answering, consenting, helping
from forum.registration.answering import Answers
from forum.registration.models import FurtherUse, How, PrivacyNotice, Registration


@dataclass(frozen=True)
class Told:
    """``answers`` as in ``answering``, ``needs`` as in ``helping``, ``notice`` and ``uses`` as in ``consenting``."""

    answers: Answers = field(default_factory=dict)
    needs: dict = field(default_factory=dict)
    notice: PrivacyNotice | None = None
    uses: Iterable[FurtherUse] = ()

    def keep(self, registration: Registration, *, how: str = How.PAGE, user=None) -> None:
        """Of a person who was just written; in the caller's transaction."""
        answering.keep(registration, self.answers, is_new=True)
        helping.tell(registration, self.needs, is_new=True)
        consenting.keep(registration, self.notice, self.uses, how=how, user=user)
