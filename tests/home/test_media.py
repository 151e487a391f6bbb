"""/media/ shows renditions of pictures, and nothing else that lies on the disk."""

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages


@pytest.fixture
def rendition():
    name = storages["public"].save("images/one.width-20.png", ContentFile(b"\x89PNG"))
    yield name
    storages["public"].delete(name)


def test_a_rendition_is_shown_as_what_it_is_and_runs_nothing(client, rendition):
    response = client.get(f"/media/{rendition}")

    assert (response.status_code, response.getvalue()) == (200, b"\x89PNG")
    assert {name: response[name] for name in ("Content-Type", "X-Content-Type-Options", "Content-Security-Policy")} == {
        "Content-Type": "image/png",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    assert response.cookies == {}


@pytest.mark.parametrize(
    "name",
    [
        "../private/secret.png",
        "images/../../private/secret.png",
        "..%2Fprivate%2Fsecret.png",
        "%2e%2e/private/secret.png",
        "..\\private\\secret.png",
        "VAR/private/secret.png",
        "/VAR/private/secret.png",
        "secret.png",
        "secret.png\0.png",
        "images.png",
        "a" * 300 + ".png",
    ],
)
def test_no_way_leads_out_of_the_renditions(client, name):
    secret = default_storage.save("secret.png", ContentFile(b"a secret"))

    response = client.get(f"/media/{name.replace('VAR', str(settings.VAR_DIR))}", follow=True)

    default_storage.delete(secret)
    assert response.status_code == 404


@pytest.mark.parametrize("suffix", ["svg", "html", "pdf", "xml", "js", "txt", "PNG.html", ""])
def test_what_is_no_picture_is_not_shown_even_if_it_lay_there(client, suffix):
    name = storages["public"].save(f"images/page.{suffix}", ContentFile(b"<script>alert(1)</script>"))

    response = client.get(f"/media/{name}")

    storages["public"].delete(name)
    assert response.status_code == 404


def test_it_takes_no_posts(client, rendition):
    assert client.post(f"/media/{rendition}").status_code == 405
