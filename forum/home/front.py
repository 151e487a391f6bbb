"""What the front page of an edition shows of the other rooms, in a fixed number of queries."""

from cms.models import Edition


def gather(edition: Edition | None) -> dict:
    """Everything for ``home/front.html`` but the editors' own text."""
    return {"edition": edition}
