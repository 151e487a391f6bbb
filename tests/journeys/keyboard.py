"""A person without a mouse: goes from stop to stop and sees at each where they are."""

from dataclasses import dataclass

REMEMBER = """() => {
    const kinds = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
    const marks = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "borderColor", "stroke", "backgroundColor"];
    const shows = stop => [stop, ...stop.children].slice(0, 3)
        .map(part => marks.map(mark => getComputedStyle(part)[mark]).join()).join();
    const held = document.activeElement;
    held.blur();
    const all = [...document.querySelectorAll(kinds)], rest = new Map(all.map(stop => [stop, shows(stop)]));
    if (held !== document.body) held.focus();
    window.stopOfKeyboard = () => {
        const stop = document.activeElement;
        if (stop === document.body) return null;
        const box = stop.getBoundingClientRect();
        return {
            name: `${stop.tagName} ${stop.name || stop.textContent.trim().slice(0, 40)}`,
            place: all.indexOf(stop),
            is_wanted: stop === window.wanted,
            is_marked: shows(stop) !== rest.get(stop),
            is_in_sight: box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth,
            is_drawn: stop instanceof SVGElement,
            left: box.left, right: box.right, top: box.top + scrollY, bottom: box.bottom + scrollY,
        };
    };
}"""
MOST = 400  # stops on one page


@dataclass(frozen=True)
class Stop:
    name: str
    place: int  # in the document; -1 is a box that scrolls
    is_wanted: bool
    is_marked: bool
    is_in_sight: bool
    is_drawn: bool  # a shape of the floor plan
    left: float
    right: float
    top: float
    bottom: float

    def faults(self, before: "Stop | None") -> list[str]:
        found = [] if self.is_marked else [f"{self.name} does not show that it is the one"]
        found += [] if self.is_in_sight else [f"{self.name} is out of sight"]
        if before and 0 <= self.place < before.place:
            found.append(f"{self.name} stands before {before.name}")
        if before and not self.is_drawn and self.bottom <= before.top and self.left < before.right:
            found.append(f"{self.name} is above {before.name}")
        return found


class Keyboard:
    """Presses keys on ``page``; what is wrong with a stop on the way fails at once."""

    def __init__(self, page):
        self.page = page

    def stops(self) -> list[Stop]:
        """All of the page, from its top to its end."""
        self._look_around()
        found = []
        while len(found) < MOST:
            stop = self._step(found[-1] if found else None)
            if stop is None or (found and stop.place == found[0].place):
                return found
            found.append(stop)
        raise AssertionError(f"{self.page.url} does not end")

    def to(self, target):
        """From stop to stop until ``target`` is reached."""
        self._look_around()
        target.evaluate("wanted => { window.wanted = wanted; }")
        if self.page.evaluate("wanted === document.activeElement"):
            return self
        stop = None
        for _count in range(MOST):
            stop = self._step(stop)
            if stop and stop.is_wanted:
                return self
        raise AssertionError(f"{target} is not reached on {self.page.url}")

    def type(self, target, text: str):
        self.to(target)
        self.page.keyboard.type(text)
        return self

    def press(self, key: str):
        self.page.keyboard.press(key)
        return self

    def follow(self, target):
        """Opens a link or sends a form, and waits for the page that comes."""
        self.to(target)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self

    def _look_around(self):
        self.page.evaluate(f"window.stopOfKeyboard || ({REMEMBER})()")

    def _step(self, before: Stop | None) -> Stop | None:
        """The next stop; None behind the last."""
        self.page.keyboard.press("Tab")
        seen = self.page.evaluate("stopOfKeyboard()")
        if seen is None:
            return None
        stop = Stop(**seen)
        assert stop.faults(before) == [], self.page.url
        return stop
