"""What is measured, how, and what it should cost."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count, cycle, islice
from urllib.parse import urlencode

from tests.bench import flows

SCANS, LOOKS, PAPERS, ONCE = {1: 150, 8: 300}, {1: 30, 8: 40}, {1: 20, 8: 40}, {1: 2}
LIST = "/cms/snippets/registration/registration/"
# How a search is called, its words, and what stands in the rows that it finds.
SEARCHES = [
    ("a common word", "sok", "SOK"),
    ("a rare word", "bcdef", "Bcdef"),
    ("two words", "sok bopha", "SOK"),
    ("in every row", "example.org", "Confirmed"),
    ("in most rows", "e", "Confirmed"),
    ("in no row", "zzqxwvzq", "No registrations match"),
    ("a common Khmer word", "សុខ", "Confirmed"),
    ("a rare Khmer word", "ពិសិដ្ឋ", "Confirmed"),
    ("two Khmer words", "ដារ៉ា សុខ", "Confirmed"),
]


@dataclass(frozen=True)
class Operation:
    """``make(n)`` gives n of them to run. ``items`` is what the cost is divided by, such as the badges of one paper.
    Targets for one item: CPU milliseconds and queries of all processes together, requests, and seconds until it is done,
    for half of the clients."""

    name: str
    how: str
    make: Callable
    times: dict[int, int]  # by clients
    items: int = 1
    cpu: float | None = None
    queries: float | None = None
    requests: float | None = None
    seconds: float | None = None


@dataclass
class Plan:
    """All operations on one server, in the order in which they are run; ``only`` holds words of the names wanted."""

    address: tuple[str, int]
    data: dict
    register: Callable
    only: list[str] = field(default_factory=list)
    own: threading.local = field(default_factory=threading.local)

    def __post_init__(self):
        self.badges, self.people, self.fresh = iter(self.data["badges"]), iter(self.data["people"]), count()
        self.papers, self.drawn = iter(self.data["papers"]), []
        self.delegations = iter(self.data["delegations"])

    def among_few(self) -> list[Operation]:
        """What is measured before the many are there."""
        floor = Operation(
            "floor plan, 1,200 booths", "plan and table in Khmer with a new word each time",
            self._anew(self.data["floor"]), {1: 40}, seconds=0.3,
        )  # fmt: skip
        return self._wanted([self._registration("registration, 1,000"), self._scan("gate scan, 1,000"), floor])

    def operations(self) -> list[Operation]:
        return self._wanted([*self._pages(), *self._floor(), *self._back_office()])

    def files(self) -> list[Operation]:
        """What is measured when they are in another edition too."""
        return self._wanted(self._files())

    def _wanted(self, operations):
        return [one for one in operations if not self.only or any(word in one.name for word in self.only)]

    def _registration(self, name):
        how = "from the form to the own page with the badge’s link, its mail sent; so many people are there"
        return Operation(name, how, self.register, {1: 150, 8: 200}, cpu=63, queries=40, requests=4)

    def _scan(self, name):
        return Operation(name, "a badge’s QR, admitted; so many badges are there", self._scans, SCANS, cpu=6, queries=5)

    def _pages(self):
        agenda = f"/en/{self.data['edition']}/agenda/"
        kept = "the same page again and again"
        return [
            Operation("home page, kept", f"/en/, {kept}", self._page("/en/"), {1: 300, 8: 1200}, cpu=3),
            Operation("home page, drawn", "/en/ with a new word each time", self._anew("/en/"), {1: 60, 8: 120}),
            Operation("agenda, kept", f"the programme of one day, {kept}", self._page(agenda), {1: 300, 8: 1200}, cpu=3),
            Operation("agenda, drawn", "the same with a new word each time", self._anew(agenda), {1: 60, 8: 120}),
            self._registration("registration, 100,000"),
        ]

    def _floor(self):
        how = "a batch, from its order to its file; per badge"
        return [
            self._scan("gate scan, 100,000"),
            Operation("one badge", "printed at the desk, as PDF", self._badges, {1: 30, 8: 60}),
            Operation("badge drawn", "for the own page, the first time", self._papers, PAPERS, cpu=100),
            Operation("badge kept", "the same once more, from the store", self._papers_again, PAPERS, cpu=10),
            Operation("badge of 100", how, self._batches("bench-100"), {1: 1}, items=100),
            Operation("badge of 1,000", how, self._batches("bench-1000"), {1: 1}, items=1000, cpu=10),
            Operation("badge of 1,000, photo", how, self._batches("bench-photo"), {1: 1}, items=1000, cpu=20),
            Operation(
                "desk search", "two words at the badge desk",
                self._reads("badge desk", "/onsite/badges/?q=sok+bopha", "SOK"), LOOKS, cpu=80,
            ),
        ]  # fmt: skip

    def _back_office(self):
        found = [("list", "all people, their first page", "", "Confirmed")]
        # What the browser asks for while somebody types: the rows alone, which it puts into the page that is there.
        found += [
            (f"search: {name}", f"“{words}”, typed into the list", f"results/?{urlencode({'q': words})}", held)
            for name, words, held in SEARCHES
        ]
        return [
            Operation(f"staff {name}", how, self._reads("organiser", f"{LIST}{asked}", held), LOOKS, cpu=80)
            for name, how, asked, held in found
        ]

    def _files(self):
        few, many = "5,000 people with two answers each", "100,000 people with two answers each"
        sheet = "280 rows in and 20 refused, from the sheet to the report: dry run and all"
        return [
            Operation("export 5,000 CSV", few, self._exports("csv", "few"), ONCE, seconds=1),
            Operation("export 5,000 XLSX", few, self._exports("xlsx", "few"), ONCE, seconds=3),
            Operation("export 100,000 CSV", many, self._exports("csv", "many"), {1: 1}),
            Operation("export 100,000 XLSX", many, self._exports("xlsx", "many"), {1: 1}),
            Operation("delegation sheet", sheet, self._sheets, ONCE, seconds=10),
        ]

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

    def _papers(self, number):
        self.drawn = list(islice(self.papers, number))
        return [partial(flows.read_paper, self.address, path) for path in self.drawn]

    def _papers_again(self, number):
        return [partial(flows.read_paper, self.address, path) for path in islice(cycle(self.drawn), number)]

    def _batches(self, pass_type):
        return lambda number: [lambda: self._staff("badge desk").print_batch(pass_type)] * number

    def _reads(self, role, path, holds):
        return lambda number: [lambda: self._staff(role).read(path, holds)] * number

    def _exports(self, kind, edition):
        path = f"{LIST}?export={kind}&edition={self.data['exported'][edition]}"
        return lambda number: [lambda: self._staff("organiser").take_out(path, kind)] * number

    def _sheets(self, number):
        return [
            partial(flows.bring_sheet, self.address, self.data["edition"], delegation)
            for delegation in islice(self.delegations, number)
        ]
