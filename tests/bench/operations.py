"""What is measured, how, and what it should cost."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count, islice

from tests.bench import flows

CLIENTS = (1, 8)
SCANS, LOOKS = {1: 300, 8: 600}, {1: 20, 8: 40}
LIST = "/cms/snippets/registration/registration/"


@dataclass(frozen=True)
class Operation:
    """``make(n)`` gives n of them to run. ``items`` is what the cost is divided by, such as the badges of one paper.
    Targets are CPU milliseconds and queries for one item, of all processes together."""

    name: str
    how: str
    make: Callable
    times: dict[int, int]  # by clients
    items: int = 1
    cpu: float | None = None
    queries: float | None = None


@dataclass
class Plan:
    """All operations on one server, in the order in which they are run."""

    address: tuple[str, int]
    data: dict
    register: Callable
    own: threading.local = field(default_factory=threading.local)

    def __post_init__(self):
        self.badges, self.people, self.fresh = iter(self.data["badges"]), iter(self.data["people"]), count()

    def operations(self) -> list[Operation]:
        edition = self.data["edition"]
        agenda = f"/en/{edition}/agenda/"
        kept = "the same page again and again"
        return [
            Operation("home page, kept", f"/en/, {kept}", self._page("/en/"), {1: 300, 8: 1200}, cpu=3),
            Operation("home page, drawn", "/en/ with a new word each time", self._anew("/en/"), {1: 60, 8: 120}),
            Operation("agenda, kept", f"the programme of one day, {kept}", self._page(agenda), {1: 300, 8: 1200}, cpu=3),
            Operation("agenda, drawn", "the same with a new word each time", self._anew(agenda), {1: 60, 8: 120}),
            Operation(
                "registration", "from the form to the own page with the badge's link, its mail sent", self.register,
                {1: 150, 8: 300}, cpu=630 / 2, queries=258 / 2,
            ),
            Operation("gate scan", "a badge's serial posted, admitted", self._scans, SCANS, cpu=60 / 2, queries=21 / 2),
            Operation("one badge", "printed at the desk, as PDF", self._badges, {1: 30, 8: 60}),
            Operation("badge of 100", "printed as one PDF; per badge", self._batches(100), {1: 1}, items=100),
            Operation("badge of 1,000", "five pages of the batch list; per badge", self._batches(1000), {1: 5}, items=200),
            Operation("staff list", "all people, their first page", self._reads("organiser", LIST, "Confirmed"), LOOKS),
            Operation(
                "staff search", "two words in it", self._reads("organiser", f"{LIST}?q=sok+bopha", "SOK"), LOOKS
            ),
            Operation(
                "desk search", "two words at the badge desk",
                self._reads("badge desk", "/onsite/badges/?q=sok+bopha", "SOK"), LOOKS, cpu=80,
            ),
            Operation("CSV of 5,000", "one edition, two answers each; per row", self._exports("csv"), {1: 2}, items=5_000,
                      cpu=1_000 / 5_000),
            Operation("XLSX of 5,000", "the same", self._exports("xlsx"), {1: 2}, items=5_000, cpu=3_000 / 5_000),
        ]  # fmt: skip

    def _staff(self, role: str) -> flows.Staff:
        """Each client has a connection of its own for each role."""
        name = role.replace(" ", "_")
        if not hasattr(self.own, name):
            setattr(self.own, name, flows.Staff(self.address, self.data["session"][role]))
        return getattr(self.own, name)

    def _page(self, path):
        return lambda number: [partial(flows.read_page, self.address, path)] * number

    def _anew(self, path):
        return lambda number: [partial(flows.read_page, self.address, f"{path}?n={next(self.fresh)}") for _ in range(number)]

    def _scans(self, number):
        gate = self.data["gate"]
        return [lambda serial=serial: self._staff("gate").scan(gate, serial) for serial in islice(self.badges, number)]

    def _badges(self, number):
        return [lambda code=code: self._staff("badge desk").print_badge(code) for code in islice(self.people, number)]

    def _batches(self, size):
        def make(number):
            return [partial(self._print_page, f"bench-{size}", page + 1) for page in range(number)]

        return make

    def _print_page(self, pass_type, page):
        return self._staff("badge desk").print_page(pass_type, page)

    def _reads(self, role, path, holds):
        return lambda number: [lambda: self._staff(role).read(path, holds)] * number

    def _exports(self, kind):
        path = f"{LIST}?export={kind}&edition={self.data['exported']}"
        return lambda number: [lambda: self._staff("organiser").take_out(path, least=100_000)] * number
