"""Badges on sheets: places on the paper, and lines to cut or to fold along."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import islice

import pikepdf

from cms.fitting import MILLIMETRE
from forum.badges.shapes import Paper, Shape

HAIR = 0.2  # millimetres
DASH = "[1.5 1.5] 0 d"


def impose(paper: bytes, *, shape: Shape, sides: Sequence[int]) -> bytes:
    """The pages of ``paper``, so many ``sides`` of each badge, on the sheets of its shape; as they are where it has none.

    Backs follow their fronts on a sheet of their own, in mirrored columns, so that they meet when it is turned over its
    long edge. A folded sheet has the back beside the front, and the front once more where there is no back.
    """
    if shape.paper is None:
        return paper
    with pikepdf.open(BytesIO(paper)) as source, pikepdf.new() as whole:
        faces = _faces(source, whole, sides)
        while some := list(islice(faces, 1 if shape.paper.is_folded else len(shape.paper.places))):
            for placed in _sides(shape, some):
                _lay(whole, shape, placed)
        whole.docinfo = whole.copy_foreign(source.docinfo)
        whole.Root.Lang = source.Root.Lang
        target = BytesIO()
        whole.save(target, deterministic_id=True)
    return target.getvalue()


def _faces(source, whole, sides) -> Iterator[list]:
    """Both sides of each badge, as drawings of the new document."""
    pages = iter(list(source.pages))
    for number in sides:
        yield [whole.copy_foreign(page.as_form_xobject()) for page in islice(pages, number)]


def _sides(shape, faces) -> Iterator[list[tuple]]:
    """(drawing, left, top) of every place, sheet side by sheet side."""
    paper = shape.paper
    if paper.is_folded:
        yield [(drawing, *place) for drawing, place in zip((faces[0] * 2)[:2], paper.places, strict=True)]
        return
    yield [(face[0], *place) for face, place in zip(faces, paper.places, strict=False)]
    backs = [
        (face[1], paper.width - left - shape.width, top)
        for face, (left, top) in zip(faces, paper.places, strict=False)
        if len(face) > 1
    ]
    if backs:
        yield backs


def _lay(whole, shape, placed) -> None:
    paper = shape.paper
    page = whole.add_blank_page(page_size=(paper.width * MILLIMETRE, paper.height * MILLIMETRE))
    drawings = {f"/Badge{number}": drawing for number, (drawing, _left, _top) in enumerate(placed)}
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(drawings))
    laid = [
        f"q 1 0 0 1 {left * MILLIMETRE:.3f} {(paper.height - top - shape.height) * MILLIMETRE:.3f} cm /Badge{number} Do Q"
        for number, (_drawing, left, top) in enumerate(placed)
    ]
    page.Contents = whole.make_stream("\n".join([*laid, *_lines(paper)]).encode())


def _lines(paper: Paper) -> Iterator[str]:
    yield f"q {HAIR * MILLIMETRE:.3f} w 0.4 G"
    yield from (_line(paper, *ends) for ends in paper.cuts)
    yield DASH
    yield from (_line(paper, *ends) for ends in paper.folds)
    yield "Q"


def _line(paper, start, end) -> str:
    (x, y), (to_x, to_y) = start, end
    points = (x, paper.height - y, to_x, paper.height - to_y)
    return "{:.3f} {:.3f} m {:.3f} {:.3f} l S".format(*(point * MILLIMETRE for point in points))
