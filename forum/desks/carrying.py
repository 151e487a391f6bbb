"""What the other registration of one person holds, and the one that stays does not: it goes over, as nobody need choose."""

from forum.checkin import excepting
from forum.registration import circulating, consenting, counting
from forum.registration.models import Registration

State = Registration.State


def take_places(keep: Registration, other: Registration) -> None:
    """Before the other ends, so that neither goes back: the use of a code and the place of a delegation.

    Each is of one pass, so it stays behind where the pass is another; so does a place that costs something, which is on the
    delegation's order, and that of a guest, who comes by a letter.
    """
    if keep.pass_type_id != other.pass_type_id:
        return
    if other.access_code_id and not keep.access_code_id:
        _move(keep, other, access_code_id=None)
    if other.delegation_id and not (keep.delegation_id or keep.guest_id) and keep.pass_type.is_free:
        _move(keep, other, delegation_id=None, external_key="", row_key="")
    elif other.delegation_id and other.delegation_id == keep.delegation_id:
        known = {"external_key": "", "row_key": ""}
        _move(keep, other, **{name: "" for name in known if getattr(other, name) and not getattr(keep, name)})


def _move(keep, other, **without):
    """The other's first: of one reference a delegation has one person."""
    values = {name: getattr(other, name) for name in without}
    for row, columns in ((other, without), (keep, values)):
        Registration.objects.filter(pk=row.pk).update(**columns)
        for name, value in columns.items():
            setattr(row, name, value)


def hand_over(merged: Registration, other: Registration, keep: Registration) -> None:
    """After it: what the person said, told and was sent. ``keep`` is the one that stays as it was before: under another name
    it has another holder, who is the same person."""
    holders = [(keep.pk, keep.holder_no), (other.pk, other.holder_no)]
    consenting.hand_over(merged, holders)
    excepting.hand_over(merged, holders)
    counting.hand_over(other, merged)
    circulating.hand_over(other, merged)
    other.personal_invitations.update(registration=merged)
    other.place_links.update(registration=merged)
    if other.coming == Registration.Coming.YES:
        Registration.objects.filter(pk=merged.pk).update(coming=other.coming)
