"""Codes that people read aloud and type."""

from cms import codes


def test_a_code_that_is_known_is_not_given_again(monkeypatch):
    drawn = iter(["BBBBBB", "BBBBBB", "CCCCCC"])
    monkeypatch.setattr(codes, "new", lambda length=6: next(drawn))

    assert codes.unlike({"BBBBBB"}) == "CCCCCC"
