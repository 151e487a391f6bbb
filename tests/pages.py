"""Reading pages in tests: whole parts of them, by CSS selector."""

import cssselect2
from lxml import html


class Page:
    def __init__(self, response):
        self.tree = html.fromstring(response.content)
        self.root = cssselect2.ElementWrapper.from_html_root(self.tree)

    def all(self, selector: str) -> list:
        """The elements, in the order of the page."""
        return [found.etree_element for found in self.root.query_all(selector)]

    def words(self, selector: str) -> list[str]:
        """What a reader sees in each of them."""
        return [" ".join(element.text_content().split()) for element in self.all(selector)]

    def rows(self) -> list[list[str]]:
        """The cells of the page's table bodies."""
        return [[" ".join(cell.text_content().split()) for cell in row.iter("td")] for row in self.all("tbody tr")]


def get(client, address: str) -> Page:
    response = client.get(address)
    assert response.status_code == 200
    return Page(response)
