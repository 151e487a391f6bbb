"""The fonts of the web, made out of the packaged one; the packaged reader of QR codes, where it could be fetched."""

import pytest
from django.core.management import call_command
from fontTools.ttLib import TTFont

from cms.management.commands import build_assets


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The fonts, built once into a folder of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.VAR_DIR", tmp_path_factory.mktemp("var"))
        patch.setattr(build_assets.fonts, "prepare", lambda: None)  # paper's fonts have tests of their own
        call_command("build_assets", verbosity=0)
        yield build_assets.settings.VAR_DIR / "assets" / "fonts"


def letters(path) -> set[int]:
    return set(TTFont(path).getBestCmap())


def test_each_script_has_its_own_small_file_and_the_licence_lies_beside_them(folder):
    sizes = {path.name: path.stat().st_size for path in folder.iterdir()}

    assert sorted(sizes) == [
        "LICENSE",
        "noto-sans-khmer-khmer.woff2",
        "noto-sans-khmer-latin.woff2",
        "noto-sans-khmer-switch.woff2",
    ]
    assert sizes["noto-sans-khmer-khmer.woff2"] < 50_000
    assert sizes["noto-sans-khmer-latin.woff2"] < 32_000
    assert sizes["noto-sans-khmer-switch.woff2"] < 5_000


def test_the_latin_file_holds_no_khmer_and_the_khmer_file_no_latin(folder):
    latin, khmer = (letters(folder / f"noto-sans-khmer-{script}.woff2") for script in ("latin", "khmer"))

    assert {ord("A"), ord("é"), ord("–")} <= latin
    assert not any(0x1780 <= code < 0x1800 for code in latin)
    assert {0x1780, 0x17D2, 0x17E0} <= khmer
    assert ord("A") not in khmer


def test_khmer_keeps_what_shapes_it(folder):
    font = TTFont(folder / "noto-sans-khmer-khmer.woff2")

    features = {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}
    assert {"pref", "blwf", "abvf", "pstf", "pres", "blws", "abvs", "psts", "clig"} <= features
    assert {axis.axisTag for axis in font["fvar"].axes} == {"wght"}


def test_what_is_up_to_date_stays(folder):
    before = {path: path.stat().st_mtime_ns for path in folder.glob("*.woff2")}

    call_command("build_assets", verbosity=0)

    assert {path: path.stat().st_mtime_ns for path in folder.glob("*.woff2")} == before


def test_the_reader_of_qr_codes_lies_there_with_its_licence(tmp_path, monkeypatch):
    monkeypatch.setattr(build_assets, "READER", tmp_path / "absent")
    build_assets.lay_out_reader(tmp_path / "js")
    assert not (tmp_path / "js").exists()

    packaged = tmp_path / "jsqr"
    (packaged / "dist").mkdir(parents=True)
    (packaged / "dist" / "jsQR.js").write_text("script")
    (packaged / "LICENSE").write_text("licence")
    monkeypatch.setattr(build_assets, "READER", packaged)
    build_assets.lay_out_reader(tmp_path / "js")

    assert {path.name: path.read_text() for path in (tmp_path / "js").iterdir()} == {
        "jsQR.js": "script",
        "jsQR-LICENSE.txt": "licence",
    }
