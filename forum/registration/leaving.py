"""The end of a registration, by whomever: what it held goes back."""

from forum.registration import access, accrediting, quotas, shares, waiting
from forum.registration.models import Registration


def leave(row: Registration, state: str) -> None:
    """``row`` is live and locked; it is withdrawn or refused from now on. Nobody need know any more what security asked."""
    Registration.objects.filter(pk=row.pk).update(state=state, waiting_since=None, awaits="", approved_state="")
    accrediting.forget([row.pk])
    access.give_back(row.access_code_id)
    shares.give_back(row.delegation_id, row.pass_type_id)
    if row.is_waiting:
        waiting.leave(row)
    else:
        quotas.give_places(row.pass_type)
    row.state = state
