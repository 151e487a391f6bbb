"""The opening morning: three thousand people come within ninety minutes, to six badge desks and ten gates.

Thirty times faster than people are. Everybody walks through a gate; one in three stops at a desk before, most of these for
a badge that was printed the day before, some to have it printed, a few without their code. What staff and people do
themselves takes its time too, so desks and gates have queues of their own, apart from what the server takes.
"""

import queue
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.bench import flows

ARRIVALS, MINUTES, FASTER = 3_000, 90, 30
DESKS, GATES, QUARTER = 6, 10, 15
SEED = 20240311
# Of all who come; of those who stop at a desk: their badge is there, it is to be printed, they have no code with them.
AT_DESK, TO_PRINT, WITHOUT_CODE = 1 / 3, 0.3, 0.1
# What people take besides the server, in seconds: to come forward, be greeted and handed the badge; to hold it to a reader.
BY_HAND = {"desk": 12.0, "gate": 2.0}
MOST = 2.0  # seconds that a gate may wait for the server
BAR = 40  # characters


@dataclass(frozen=True)
class Person:
    """``minute`` of the morning in which they come."""

    minute: float
    code: str
    badge: str
    name: str
    stops_at_desk: bool
    is_printed: bool
    has_code: bool


@dataclass
class Place:
    """Where people stand in line: what the server took, how long each stood there, and how many at the most; the times of
    people in seconds of the morning, those of the server as they are."""

    name: str
    line: queue.Queue = field(default_factory=queue.Queue)
    served: list[float] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    longest: Counter = field(default_factory=Counter)

    def join(self, person: Person, quarter: int) -> None:
        self.line.put((person, time.perf_counter()))
        self.longest[quarter] = max(self.longest[quarter], self.line.qsize())


def people(rows: list[dict]) -> list[Person]:
    """Those who come, in the order in which they come: few at first, most of them half an hour before the opening."""
    drawn = random.Random(SEED)
    minutes = sorted(drawn.betavariate(2.5, 2) * MINUTES for _ in range(ARRIVALS))
    drawn.shuffle(rows)
    return [
        Person(
            minute,
            row["code"],
            row["badge"],
            row["name"],
            stops_at_desk=row["at_desk"],
            is_printed=row["is_printed"],
            has_code=drawn.random() >= WITHOUT_CODE,
        )
        for minute, row in zip(minutes, rows, strict=True)
    ]


class Morning:
    """Runs it against the server at ``address``; ``data`` is what ``tests.bench.data morning`` made."""

    def __init__(self, address: tuple[str, int], data: dict):
        self.address, self.data = address, data
        self.desk = Place("badge desks")
        self.gates = [Place(f"gate {number}") for number in range(1, GATES + 1)]
        self.errors: list[str] = []
        self.begun, self.is_over = 0.0, threading.Event()

    def run(self) -> None:
        clerks = [(self.desk, self._at_desk, session) for session in self.data["desks"]]
        guards = [
            (place, lambda staff, person, gate=gate["code"]: self._at_gate(staff, person, gate), gate["session"])
            for place, gate in zip(self.gates, self.data["gates"], strict=True)
        ]
        workers = [threading.Thread(target=self._serve, args=each, daemon=True) for each in clerks + guards]
        self.begun = time.perf_counter()
        for worker in workers:
            worker.start()
        for person in people(self.data["people"]):
            self._sleep_until(person.minute)
            if person.stops_at_desk:
                self.desk.join(person, self._quarter())
            else:
                self._to_gate(person)
        self.desk.line.join()
        for place in self.gates:
            place.line.join()
        self.is_over.set()
        for worker in workers:
            worker.join()

    def report(self, add_fact: Callable) -> None:
        served = sorted(time for place in self.gates for time in place.served)
        waited = [seconds for place in self.gates for seconds in place.waited]
        how = f"{len(served)} of {ARRIVALS} came in by {GATES} gates within {MINUTES} minutes, {FASTER} times faster"
        add_fact("morning: errors", len(self.errors), "", how, 0)
        add_fact("morning: gate, longest answer", served[-1], "s", "what a gate waited for the server at the most", MOST)
        add_fact("morning: gate, usual answer", served[len(served) // 2], "s", "half of them took less")
        add_fact("morning: desk, longest answers", max(self.desk.served), "s", "all requests for one person together")
        add_fact("morning: gate, longest wait", max(waited) / 60, "min", "of a person in line, of the morning's own time")
        add_fact(
            "morning: desk, longest wait", max(self.desk.waited) / 60, "min", f"of {len(self.desk.served)} at {DESKS} desks"
        )
        for error in self.errors[:3]:
            print(f"  {error}")
        self._draw()

    def _draw(self) -> None:
        """The longest line of each quarter of an hour."""
        lines = {
            "at the desks": self.desk.longest,
            "at a gate": Counter({q: max(place.longest[q] for place in self.gates) for q in range(MINUTES // QUARTER + 2)}),
        }
        most = max(max(longest.values(), default=1) for longest in lines.values()) or 1
        for name, longest in lines.items():
            print(f"\nlongest line {name}, by quarter of an hour")
            for number in sorted(longest):
                if longest[number]:
                    print(f"{number * QUARTER:>5} min {'█' * max(1, round(BAR * longest[number] / most))} {longest[number]}")

    def _serve(self, place: Place, ask: Callable, session: str) -> None:
        kind = "desk" if place is self.desk else "gate"
        staff, drawn = flows.Staff(self.address, session), random.Random(f"{SEED}{session}")
        while not (self.is_over.is_set() and place.line.empty()):
            try:
                person, since = place.line.get(timeout=0.2)
            except queue.Empty:
                continue
            begun = time.perf_counter()
            place.waited.append((begun - since) * FASTER)
            try:
                ask(staff, person)
                place.served.append(time.perf_counter() - begun)
            except (Exception, SystemExit) as error:  # whatever it is, the line goes on and the report says so
                self.errors.append(f"{place.name}: {type(error).__name__} {str(error)[:200]!r}")
            # The server's answer is not hurried by a faster clock, so what people do is shortened by it.
            time.sleep(max(0.0, drawn.gammavariate(4, BY_HAND[kind] / 4) / FASTER - (time.perf_counter() - begun)))
            if kind == "desk":
                self._to_gate(person)
            place.line.task_done()

    def _at_desk(self, staff: flows.Staff, person: Person) -> None:
        staff.find(person.code if person.has_code else person.name, person.code)
        if not person.is_printed:
            staff.print_badge(person.code)
        staff.hand_over(person.code)

    def _at_gate(self, staff: flows.Staff, person: Person, gate: str) -> None:
        staff.scan(gate, person.badge)

    def _to_gate(self, person: Person) -> None:
        min(self.gates, key=lambda place: place.line.qsize()).join(person, self._quarter())

    def _minute(self) -> float:
        return (time.perf_counter() - self.begun) * FASTER / 60

    def _quarter(self) -> int:
        return int(self._minute() // QUARTER)

    def _sleep_until(self, minute: float) -> None:
        time.sleep(max(0.0, (minute - self._minute()) * 60 / FASTER))
