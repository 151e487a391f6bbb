"""A minister is invited by letter and represented by a deputy, whose badge is valid."""

import uuid

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import PHONE, code_on, sign_in

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("language", ["en", "km"])
def test_a_minister_is_represented_by_a_deputy_with_a_valid_badge(visitor, tmp_path, language):
    letters = str.maketrans("0123456789", "ghijklmnop")
    name, deputy = (f"EXAMPLE {uuid.uuid4().hex[:6].translate(letters).capitalize()}" for _number in range(2))

    office = sign_in(visitor(), "protocol@example.org", then="/cms/snippets/registration/guest/add/")
    office.goto("/cms/snippets/registration/guest/add/")
    office.locator("select[name=guest_list]").select_option(index=1)
    office.locator("select[name=honorific]").select_option("excellency")
    office.locator("input[name=name_latin]").fill(name)
    office.locator("input[name=name_km]").fill("ឧទាហរណ៍ ដារ៉ា")
    office.locator("input[name=position]").fill("Minister")
    office.locator("input[name=protocol_rank]").fill("1")
    office.locator("select[name=language]").select_option(language)
    office.locator("footer button[type=submit], button.action-save").first.click()
    expect(office.locator("body")).to_contain_text(name)
    paper = office.request.get(f"/cms/guests/letters/pdf/?q={name.split()[1]}")
    assert paper.headers["content-type"] == "application/pdf"

    guest = visitor(**PHONE)
    guest.goto(code_on(paper.body(), tmp_path))
    assert f"/{language}/invitation/reply/" in guest.url
    guest.locator("input[name=reply][value=represented]").check()
    guest.locator("input[name=name_latin]").fill(deputy)
    guest.locator("input[name=name_km]").fill("ឧទាហរណ៍ បុប្ផា")
    guest.locator("main form button").last.click()
    expect(guest.locator("main .card h3")).to_contain_text("ឧទាហរណ៍ បុប្ផា" if language == "km" else deputy)
    code = guest.locator("main .card figcaption").inner_text()

    desk = sign_in(visitor(), "desk@example.org", then="/onsite/badges/")
    desk.goto("/onsite/badges/")
    desk.locator("input[name=q]").fill(code.replace("-", ""))
    desk.keyboard.press("Enter")
    expect(desk.locator("h1")).to_contain_text(deputy)  # the code alone leads to the person
    token = desk.locator("input[name=csrfmiddlewaretoken]").first.get_attribute("value")
    badge = desk.request.post(desk.url, form={"csrfmiddlewaretoken": token}, headers={"Referer": desk.url})
    serial = code_on(badge.body(), tmp_path)

    gate = sign_in(visitor(), "gate@example.org", then="/onsite/")
    gate.goto("/onsite/")
    gate.locator("main .card a").first.click()
    gate.locator("input[name=code]").fill(serial)
    gate.keyboard.press("Enter")
    expect(gate.locator(".verdict--yes")).to_contain_text(deputy)
