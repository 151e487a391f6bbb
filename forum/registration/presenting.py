"""Presenting a person to the offices of their pass: when they come, and again after a change that matters."""

from forum.registration import quotas
from forum.registration.models import PassType, Registration, Step

State = Registration.State
# A change of these is another person, or one sent by another body.
SUBSTANCE = {"name_latin", "name_km", "agency", "agency_name", "pass_type"}
COLUMNS = ("state", "awaits", "approved_state", "round")


def begin(registration: Registration, *, after: Step | None = None) -> None:
    """Gives somebody who comes their first state, unsaved: presented to the first office of the pass that comes ``after``
    the one whose word is known (the agency's, for whom it names), else as ``quotas.first_state`` says."""
    _present(registration, after, quotas.first_state(registration.pass_type))


def begin_again(registration: Registration, *, after: Step | None = None) -> None:
    """Begins a new round, unsaved, after a change that matters, of somebody who has a place.

    What was firm becomes so again with the last yes, so a place that is paid is not paid twice.
    """
    then = registration.approved_state if registration.is_applied else registration.state
    _present(registration, after, then)
    registration.round += 1


def go_on(registration: Registration) -> bool:
    """After a yes: the next office is asked, or the place is theirs; whether it was the last one. Unsaved."""
    _present(registration, Step(registration.awaits), registration.approved_state)
    return not registration.is_applied


def columns(registration: Registration) -> dict:
    """What these have set, to be saved."""
    return {name: getattr(registration, name) for name in COLUMNS}


def steps_after(pass_type: PassType, step: Step | None) -> list[Step]:
    order = list(Step)
    return [each for each in pass_type.steps if step is None or order.index(each) > order.index(step)]


def _present(registration, after, then):
    due = steps_after(registration.pass_type, after)
    registration.state = State.APPLIED if due else then
    registration.awaits, registration.approved_state = (due[0], then) if due else ("", "")
