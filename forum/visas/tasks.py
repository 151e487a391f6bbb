"""What becomes of requests for visa letters by the clock."""

from forum.visas import asking


def forget_needless() -> bool:
    return asking.forget_some() > 0
