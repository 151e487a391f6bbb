"""What badges keep: themselves, who vouches for them, how they look, and what became of them."""

from forum.badges.models.badges import (
    FOLDER,
    Badge,
    BadgePrint,
    KeptBadge,
    SigningKey,
    new_key_code,
    new_serial,
    not_yet_printed,
)
from forum.badges.models.batches import BATCHES, BadgeBatch, BatchedBadge, BatchPart, Order
from forum.badges.models.handovers import Handover, new_list
from forum.badges.models.layouts import PICTURES, BadgeLayout, LayoutOfPass, all_fields, colour, place_of_picture

__all__ = [
    "BATCHES",
    "FOLDER",
    "PICTURES",
    "Badge",
    "BadgeBatch",
    "BadgeLayout",
    "BadgePrint",
    "BatchPart",
    "BatchedBadge",
    "Handover",
    "KeptBadge",
    "LayoutOfPass",
    "Order",
    "SigningKey",
    "all_fields",
    "colour",
    "new_key_code",
    "new_list",
    "new_serial",
    "not_yet_printed",
    "place_of_picture",
]
