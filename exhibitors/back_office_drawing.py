"""The floor of a hall as the back office draws it: every booth, published or not, with what is wrong and what is new."""

from dataclasses import dataclass

from exhibitors import plan
from exhibitors.checking import Finding
from exhibitors.models import Booth, Hall, Structure

AROUND = 150  # centimetres of paper around the hall, for what reaches beyond its walls


@dataclass(frozen=True)
class Drawing:
    """``marked`` are the booths that the page is about."""

    hall: Hall
    booths: list[Booth]
    structures: list[Structure]
    findings: list[Finding]
    marked: frozenset[Booth] = frozenset()

    @property
    def view_box(self) -> str:
        return f"{-AROUND} {-AROUND} {self.hall.width + 2 * AROUND} {self.hall.depth + 2 * AROUND}"

    @property
    def areas(self) -> list[plan.Area]:
        return plan.areas(self.booths)

    @property
    def shapes(self) -> list[tuple[Booth, str, bool]]:
        """Each booth with its closed sides and whether it is marked."""
        return [(booth, plan.walls(booth), booth in self.marked) for booth in self.booths]

    @property
    def numbered(self) -> list[tuple[int, Finding]]:
        return list(enumerate(self.findings, 1))


def standing(hall: Hall) -> tuple[list[Booth], list[Structure]]:
    """What stands in a hall. Two queries."""
    return list(Booth.objects.filter(zone__hall=hall).select_related("zone").with_extras()), list(hall.structures.all())
