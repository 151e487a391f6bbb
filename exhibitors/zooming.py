"""How large the plan is drawn: by links, each a page of its own, which a script makes work in place."""

from dataclasses import dataclass

from django.http import QueryDict

STEPS = (0, 20, 30, 45, 70)  # pixels of a metre; at the first the whole hall fits the page, whatever its size
USUAL = 1  # which a phone shows unasked; a wider page shows the whole hall


@dataclass(frozen=True)
class Zoom:
    """What the reader asked for: ``level`` is None where they asked for nothing; ``filter`` stands in the links too."""

    level: int | None
    filter: QueryDict

    @classmethod
    def asked(cls, query: QueryDict) -> "Zoom":
        """What cannot be read is as if it had not been typed."""
        typed, others = query.get("zoom", ""), query.copy()
        others.pop("zoom", None)
        return cls(int(typed) if typed in [str(level) for level in range(len(STEPS))] else None, others)

    @property
    def scale(self) -> int:
        """Pixels of a metre, of which the page may show fewer where the whole hall is to fit."""
        return STEPS[self.level or USUAL]

    @property
    def is_whole(self) -> bool:
        return self.level == 0

    @property
    def is_closer(self) -> bool:
        return bool(self.level)

    @property
    def links(self) -> dict[str, str]:
        """The queries of the pages that show it closer, further away and whole; at an end there is nothing closer."""
        level = USUAL if self.level is None else self.level
        steps = {"closer": min(level + 1, len(STEPS) - 1), "further": max(level - 1, 0), "whole": 0}
        return {name: self._query(step) for name, step in steps.items()}

    def _query(self, level):
        query = self.filter.copy()
        query["zoom"] = str(level)
        return query.urlencode()
