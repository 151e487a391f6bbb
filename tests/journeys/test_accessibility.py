"""axe finds nothing on any kind of page; all of it can be read on the narrowest screen and in large letters."""

from collections import defaultdict

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.journeys import screens
from tests.journeys.keyboard import Keyboard

pytestmark = pytest.mark.journey

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The same document stands on both screens: what is asked of the second look is what size and colours can change.
LOOK_ALONE = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
# All rules in both languages, on both screens, light and dark. Colours and sizes are of the same sheets in both languages,
# so that one of them shows the look of a desktop in the dark for both.
LOOKS = {
    "en": [(PHONE, "light", RULES), (DESKTOP, "dark", LOOK_ALONE)],
    "km": [(DESKTOP, "light", RULES)],
}
# Rows of a long list are alike: the first stand for all.
ALIKE = ["tbody tr:nth-child(n+9)", ".card:nth-child(n+9)", ".hour:nth-child(n+4)", "a.booth:nth-of-type(n+20)"]
# To tell whether colours can be read takes longest. What decides about it is of few kinds: pages that have no new one have
# been judged.
OF_COLOURS = {"color-contrast", "link-in-text-block"}
NARROW = {"width": 320, "height": 256}  # what 400 % leave of a screen of 1280 × 1024

AXE = """async ([parts, options]) => {
    await Promise.allSettled(document.getAnimations().map(animation => animation.finished));
    const found = await axe.run(parts, options);
    return found.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.target} (${node.failureSummary})`));
}"""
COLOURS = """([part, alike]) => {
    const seen = box => box.checkVisibility({visibilityProperty: true}) && box.clientWidth + box.offsetWidth > 2;
    const written = box => [...box.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
    const behind = box => {
        const layers = [];
        for (let each = box; each; each = each.parentElement) {
            const style = getComputedStyle(each);
            layers.push(style.backgroundColor, style.backgroundImage, style.opacity, style.filter, style.mixBlendMode);
        }
        return layers.filter(layer => !["rgba(0, 0, 0, 0)", "none", "1", "normal"].includes(layer));
    };
    const kinds = new Set();
    for (const box of document.querySelectorAll(`${part}, ${part} *`)) {
        if (!written(box) && !box.matches("input, select, textarea") || !seen(box) || box.closest(alike)) continue;
        const style = getComputedStyle(box), around = getComputedStyle(box.parentElement || box);
        kinds.add([
            style.color, style.fontSize, style.fontWeight, style.textShadow, style.textDecorationLine, style.position,
            getComputedStyle(box, "::placeholder").color, box.matches(":disabled, [aria-disabled=true]"),
            box.tagName === "A" && [around.color, around.display, around.fontWeight], ...behind(box),
        ].join());
    }
    return [...kinds];
}"""
CUT_OR_WIDE = """() => {
    const page = document.scrollingElement, faults = [];
    if (page.scrollWidth > page.clientWidth) faults.push(`the page is ${page.scrollWidth} wide`);
    for (const box of document.querySelectorAll("body *:not(.visually-hidden, .visually-hidden *, thead, svg *)")) {
        const hides = ["hidden", "clip"].includes(getComputedStyle(box).overflowX);
        if (hides && (box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1))
            faults.push(`${box.tagName} ${box.className} is cut`);
    }
    return faults;
}"""


@pytest.fixture(scope="class")
def findings(request, browser, site, tmp_path_factory):
    """One walk through all pages in one language: faults by kind and page, and the names of the pages."""
    language = request.cls.language
    contexts, found = [], defaultdict(dict, language=language, judged=set())

    def visit(*, is_named=False):
        address = site.replace("127.0.0.1", "localhost") if is_named else site
        contexts.append(browser.new_context(base_url=address, locale=language, reduced_motion="reduce"))
        contexts[-1].add_init_script(AXE_SCRIPT)
        page = contexts[-1].new_page()
        page.set_default_timeout(10_000)
        return page

    for name, page in screens.walk(visit, language, tmp_path_factory.mktemp("walk")):
        found["names"][name] = page.url
        _look(page, LOOKS[language], found, name)
    for context in contexts:
        context.close()
    return found


def _look(page, looks, found, name):
    page.wait_for_load_state()
    part = "main" if page.locator("#wagtail").count() else "html"  # around it stands what is Wagtail's
    # What colours the back office has in the dark is Wagtail's too.
    for size, colours, rules in looks if part == "html" else looks[:1]:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=colours)
        kinds = set(page.evaluate(COLOURS, [part, ",".join(ALIKE)]))
        without = OF_COLOURS if kinds <= found["judged"] else set()
        found["judged"] |= kinds
        options = {
            "runOnly": [rule for rule in rules if rule not in without],
            "rules": {rule: {"enabled": False} for rule in without},
            "resultTypes": ["violations"],
            "preload": False,
        }
        if faults := page.evaluate(AXE, [{"include": [[part]], "exclude": [[rows] for rows in ALIKE]}, options]):
            found["axe"][f"{name}, {size['width']}, {colours}"] = faults
    if part == "html":
        page.set_viewport_size(NARROW)
        if faults := page.evaluate(CUT_OR_WIDE):
            found["narrow"][name] = faults
    if found["language"] == "km":  # whose letters are the larger ones
        page.set_viewport_size(DESKTOP)
        found["large"] |= _enlarged(page, name)
    page.set_viewport_size(looks[0][0])
    page.emulate_media(color_scheme=looks[0][1])


def _enlarged(page, name) -> dict:
    """What does not fit when readers ask their browser for letters of twice the size."""
    tools = page.context.new_cdp_session(page)
    tools.send("Page.setFontSizes", {"fontSizes": {"standard": 32}})
    faults = page.evaluate(CUT_OR_WIDE)
    tools.send("Page.setFontSizes", {"fontSizes": {"standard": 16}})
    tools.detach()
    return {name: faults} if faults else {}


class Walk:
    """Each language is a class, since a class stays in one process of the run: so both are walked at once."""

    def test_the_walk_meets_every_kind_of_page(self, findings):
        met = {name.partition("?")[0].partition(",")[0].partition(" ")[0] for name in findings["names"]}
        # The acts of the back office are in English.
        prefixes = (
            "badges_", "checkin_", "documents_", "edition_", "exhibition_", "guest_", "guests_", "history", "mail_", "mou_",
            "payments_", "programme_", "registration_", "visas_",
        )  # fmt: skip
        back_office = prefixes if findings["language"] == "km" else ()

        assert {name for name in screens.expected() - met if not name.startswith(back_office)} == set()

    def test_axe_finds_nothing(self, findings):
        assert findings["axe"] == {}

    def test_a_screen_of_320_pixels_scrolls_one_way_and_cuts_nothing(self, findings):
        assert findings["narrow"] == {}

    def test_khmer_letters_of_twice_the_size_fit(self, findings):
        assert findings["large"] == {}


class TestWalkInEnglish(Walk):
    language = "en"


class TestWalkInKhmer(Walk):
    language = "km"


def test_the_stops_show_themselves_in_the_colours_that_a_reader_chooses(visitor):
    page = visitor(forced_colors="active", reduced_motion="reduce")
    page.goto("/en/next/exhibition/A01/")

    assert len(Keyboard(page).stops()) > 10


def test_who_wants_nothing_to_move_sees_nothing_move(visitor):
    page = visitor(reduced_motion="reduce")
    page.goto("/en/")

    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    assert page.evaluate("document.getAnimations().length") == 0
