"""What decides at a gate without a server says in a real browser what the server says; no site is asked."""

import base64
import datetime
import json
from dataclasses import asdict, replace

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from cms import codes
from cms.models import Edition
from forum.badges import tokens
from forum.badges.tokens import Token
from forum.checkin import rules
from tests.conftest import ROOT

pytestmark = pytest.mark.journey

WRITTEN = json.loads((ROOT / "tests/checkin/rules.json").read_text())
KEY = ec.generate_private_key(ec.SECP256R1())
FORM = (serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
DAY = datetime.date(2027, 3, 2)
SCRIPTS = f"{ROOT}/static/js/"


@pytest.fixture(scope="module")
def page(browser):
    """An empty page on which both modules are at hand; on localhost, since without TLS no other has WebCrypto."""
    page = browser.new_page()
    page.set_default_timeout(10_000)
    page.route("http://localhost/*", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    page.route("http://localhost/*.js", lambda route: route.fulfill(path=SCRIPTS + route.request.url.rpartition("/")[2]))
    page.goto("http://localhost/")
    for name, module in (("rules", "gate-rules"), ("tokens", "badge-tokens"), ("verdict", "gate-verdict")):
        page.evaluate("async ([name, module]) => { window[name] = await import(`/${module}.js`) }", [name, module])
    yield page
    page.close()


def token() -> Token:
    unsigned = Token(key="BCD", edition=codes.six(), pass_type=codes.six(), serial=codes.checked(12))
    return replace(unsigned, signature=tokens.sign(unsigned, KEY))


def is_signed(page, token: Token, key=KEY) -> bool:
    public = base64.b64encode(key.public_key().public_bytes(*FORM)).decode()
    verify = "async ([typed, key]) => tokens.isSignedBy(tokens.read(typed), await tokens.publicKey(key))"
    return page.evaluate(verify, [str(token), public])


def test_each_case_is_decided_as_it_is_written(page):
    facts = [WRITTEN["facts"] | case["changed"] for case in WRITTEN["cases"]]

    said = page.evaluate("cases => cases.map(rules.refusal)", facts)

    names = [case["case"] for case in WRITTEN["cases"]]
    assert dict(zip(names, said, strict=True)) == {case["case"]: case["refusal"] for case in WRITTEN["cases"]}


def test_each_doubt_is_said_as_it_is_written(page):
    seen = [WRITTEN["seen"] | case["changed"] for case in WRITTEN["doubts"]]

    said = page.evaluate("seen => seen.map(rules.doubt)", seen)

    names = [case["case"] for case in WRITTEN["doubts"]]
    assert dict(zip(names, said, strict=True)) == {case["case"]: case["doubt"] for case in WRITTEN["doubts"]}


def test_what_may_be_written_once_is_named(page):
    for case in WRITTEN["keys"]:
        facts = WRITTEN["facts"] | {"way": case["way"], "gate": WRITTEN["facts"]["gate"] | {"zone": case["zone"]}}
        given = {"badge": "B", "passage": case["passage"], "left": case["left"]}

        assert page.evaluate("([facts, given]) => rules.onceKey(facts, given)", [facts, given]) == case["key"], case["case"]


DAYS = st.sampled_from(["2027-03-01", "2027-03-02"])
ZONES = st.sampled_from(["press", "halls"])
CLOCK = st.times().map(lambda time: f"{time:%H:%M}")
OPEN = st.fixed_dictionaries({"days": st.lists(DAYS), "zones": st.lists(ZONES)})
FACTS = st.fixed_dictionaries({
    "day": DAYS,
    "clock": CLOCK,
    "begins": st.integers(0, 23).map(lambda hour: f"{hour:02}:00"),
    "way": st.sampled_from(["in", "in", "in", "out"]),
    "is_valid": st.sampled_from([True, True, True, False]),
    "forum": st.fixed_dictionaries({"days": st.lists(DAYS)}),
    "gate": st.fixed_dictionaries({
        "zone": st.none() | ZONES, "days": st.lists(DAYS), "opens": st.none() | CLOCK, "closes": st.none() | CLOCK,
    }),
    "pass": OPEN,
    "also": OPEN,
    "never": OPEN,
})  # fmt: skip


@given(st.lists(FACTS, min_size=1, max_size=30))
@settings(deadline=None)
def test_whatever_the_facts_both_say_the_same(page, cases):
    assert page.evaluate("cases => cases.map(rules.refusal)", cases) == [rules.refusal(facts) for facts in cases]


EDITION = st.sampled_from(["NOW", "THEN"])
YES_OR_NO = st.booleans()
TOKEN = st.fixed_dictionaries({"is_signed": YES_OR_NO, "is_revoked": YES_OR_NO, "edition": EDITION})
SEEN = st.fixed_dictionaries({
    "edition": EDITION,
    "token": st.none() | TOKEN,
    "badge": st.none() | st.fixed_dictionaries({"edition": EDITION}),
    "is_own_page": YES_OR_NO, "is_slip": YES_OR_NO, "is_all_known": YES_OR_NO,
})  # fmt: skip


@given(st.lists(SEEN, min_size=1, max_size=30))
@settings(deadline=None)
def test_whatever_is_held_out_both_doubt_the_same(page, cases):
    assert page.evaluate("cases => cases.map(rules.doubt)", cases) == [rules.doubt(seen) for seen in cases]


@given(st.lists(st.text(max_size=20) | st.text(codes.ALPHABET, max_size=13), min_size=1, max_size=30))
@settings(deadline=None)
def test_whatever_is_typed_both_read_the_same_code_and_find_the_same_slips(page, typed):
    script = "typed => typed.map(tokens.code).map(code => [code, tokens.isChecked(code)])"

    assert page.evaluate(script, typed) == [[codes.read(text), codes.is_checked(codes.read(text))] for text in typed]


def test_a_serial_is_known_from_its_slips(page):
    serial = codes.checked(12)
    slips = [serial[:place] + letter + serial[place + 1 :] for place in range(12) for letter in codes.ALPHABET]

    assert page.evaluate("slips => slips.map(tokens.isChecked)", slips) == [slip == serial for slip in slips]


def test_a_token_is_read_as_it_was_written_and_anything_else_is_none(page):
    made = token()
    written = asdict(made)
    written["passType"] = written.pop("pass_type")

    for typed in (str(made), f"  {str(made).lower()}\r\n", "-".join(str(made))):
        assert page.evaluate("typed => tokens.read(typed)", typed) == written
    for typed in ("", made.serial, str(made)[:-1], f"{made}A", f"2{str(made)[1:]}"):
        assert page.evaluate("typed => tokens.read(typed)", typed) is None


def test_only_what_our_key_signed_is_believed(page):
    made = token()

    assert is_signed(page, made)
    assert not is_signed(page, made, key=ec.generate_private_key(ec.SECP256R1()))
    for name in ("edition", "pass_type", "serial", "signature"):
        assert not is_signed(page, replace(made, **{name: getattr(token(), name)})), name
    for signature in ("0" * tokens.SIGNATURE, "A" * tokens.SIGNATURE):
        assert not is_signed(page, replace(made, signature=signature)), "no Base32, and two noughts"


def carried(edition=None, **gate) -> dict:
    """What a device carries, for a gate of these rules and one badge, as ``carrying`` writes it."""
    edition = edition or Edition(time_zone="UTC", day_begins_at=0, opens_on=DAY, closes_on=DAY)
    return {
        "edition": {
            "code": edition.code,
            "zone": edition.time_zone,
            "begins": f"{edition.day_begins_at:02}:00",
            "days": edition.days,
            "is_demonstration": False,
        },
        "gate": {"zone": None, "passage": "once", "ways": "both", "days": [], "opens": None, "closes": None} | gate,
        "keys": {},
        "passes": {"PASSPS": {"days": [], "zones": []}},
        "badges": [["SERIAL", "PASSPS", "", "Sok Dara"]],
    }


@given(
    st.datetimes(datetime.datetime(2020, 1, 1), datetime.datetime(2035, 1, 1), timezones=st.just(datetime.UTC)),
    st.sampled_from(["Asia/Phnom_Penh", "Asia/Kathmandu", "America/Sao_Paulo", "Europe/Berlin", "Pacific/Apia"]),
    st.integers(0, 23),
)
def test_a_device_and_we_have_the_same_day_and_clock(page, moment, zone, begins):
    edition = Edition(time_zone=zone, day_begins_at=begins, opens_on=DAY, closes_on=DAY)
    script = "([data, moment]) => new verdict.Gate(data).dayAndClock(moment)"

    said = page.evaluate(script, [carried(edition), moment.timestamp() * 1000])

    local = moment.astimezone(edition.zone)
    assert said == {"day": edition.day_of(moment).isoformat(), "clock": f"{local:%H:%M}"}


@given(st.lists(st.sampled_from(["in", "out"]), max_size=12), st.sampled_from(["once", "return", "free"]))
def test_a_device_and_we_let_the_same_people_come_back(page, ways, passage):
    """Held to the key that each admission writes once; see ``admission.key_of``."""
    script = """async ([data, ways, noon]) => {
        const gate = new verdict.Gate(data), said = [];
        for (const [minute, way] of ways.entries()) {
            const moment = noon + minute * 60000;
            const { refusal, left } = await gate.judge("SERIAL", way, moment);
            if (!refusal) gate.note("SERIAL", way, moment);
            said.push([refusal, way === "in" ? left : 0]);
        }
        return said;
    }"""
    noon = datetime.datetime.combine(DAY, datetime.time(12), datetime.UTC).timestamp() * 1000

    said = page.evaluate(script, [carried(passage=passage), ways, noon])

    written, expected, left, is_inside = set(), [], 0, False
    for way in ways:
        facts = {"way": way, "day": DAY.isoformat(), "gate": {"zone": None}}
        key = rules.once_key(facts, passage=passage, badge="SERIAL", left=left)
        refusal = "again" if key in written else ""
        expected.append([refusal, left if way == "in" and passage == "return" else 0])
        written |= {key} - {None}
        if not refusal:
            left, is_inside = left + (is_inside and way == "out"), way == "in"
    assert said == expected
