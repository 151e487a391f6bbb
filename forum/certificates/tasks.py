"""What becomes of certificates by the clock."""

from forum.certificates import certifying


def forget_needless() -> bool:
    return certifying.forget_some() > 0
