"""Booths by the hundred, on the plan and in its table: a template that looks at each of 1,200 takes most of a second."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from cms import dates
from cms.templatetags.reading import text
from exhibitors.models import Booth
from exhibitors.plan import Sheet, Stand, State, Wording

register = template.Library()

# How far below the middle of the booth its code and its state stand, in centimetres.
CODE, STATE = -10, 70
BOOTH = (
    '<a class="booth booth--{}" href="{}"><title>{}</title><use href="#{}" x="{}" y="{}"/>'
    '<text class="booth__code" x="{}" y="{}">{}</text></a>\n'
)
MUTE = (
    '<g class="booth booth--mute" aria-hidden="true"><use href="#{}" x="{}" y="{}"/>'
    '<text class="booth__code" x="{}" y="{}">{}</text></g>\n'
)
SHAPE = '<g id="{}" class="booth--{}"><rect class="booth__floor" width="{}" height="{}"/>{}</g>\n'
PATTERN = '<rect class="booth__pattern" fill="url(#booth-{})" width="{}" height="{}"/>'
WALLS = '<path class="booth__walls" d="{}"/>'
WORD = '<text class="booth__state" x="{}" y="{}">{}</text>'
# Filled twice: with the names of the columns, and then with each booth.
ROW = (
    '<tr><td data-label="{}"><a class="code" href="{{}}">{{}}</a></td>'
    '<td data-label="{}"><span class="tag tag--{{}}">{{}}</span></td>'
    '<td data-label="{}">{{}}</td><td data-label="{}">{{}}</td>'
    '<td data-label="{}">{{}}</td><td data-label="{}">{{}}</td></tr>\n'
)
TAGS = {State.FREE: "ok", State.HELD: "wait", State.YOURS: "info"}


@register.simple_tag
def booths(sheet: Sheet):
    """The booths of a sheet in walking order, each a link that is named in words; what does not fit the filter is mute.
    What looks alike is drawn once."""
    wording, names, drawn = Wording(), {}, []
    for stand in sheet.stands:
        booth = stand.booth
        shape = (stand.state if stand.is_match else "mute", booth.width, booth.depth, stand.walls)
        name = names.setdefault(shape, f"shape-{sheet.number}-{len(names)}")
        place = (name, booth.x, booth.y, booth.x + booth.width // 2, booth.y + booth.depth // 2 + CODE, booth.code)
        if stand.is_match:
            drawn.append(format_html(BOOTH, stand.state, stand.address, wording.label(stand), *place))
        else:
            drawn.append(format_html(MUTE, *place))
    shapes = [_shape(name, *shape, wording) for shape, name in names.items()]
    return format_html('<defs aria-hidden="true">\n{}</defs>\n{}', _joined(shapes), _joined(drawn))


@register.simple_tag
def booth_rows(rows: list[Stand]):
    """The same booths as rows of their table."""
    row = format_html(ROW, _("Booth"), _("State"), _("Exhibitor"), _("Zone"), _("Size"), _("Type"))
    states, kinds, size, zones = Wording().states, dict(Booth.Kind.choices), _("%(size)s m"), {}
    written = []
    for stand in rows:
        booth = stand.booth
        if booth.zone_id not in zones:
            zones[booth.zone_id] = text(booth.zone, "name")
        written.append(
            format_html(
                row,
                *(stand.address, booth.code, TAGS.get(stand.state, "stop"), states[stand.state]),
                text(stand.exhibitor, "name") if stand.exhibitor else "–",
                *(zones[booth.zone_id], size % {"size": dates.digits(booth.size)}, kinds[booth.kind]),
            )
        )
    return _joined(written)


def _shape(name, state, width, depth, walls, wording):
    parts = []
    if state in State.values and state != State.FREE:
        parts.append(format_html(PATTERN, state, width, depth))
    if walls:
        parts.append(format_html(WALLS, walls))
    if state in State.values:
        parts.append(format_html(WORD, width // 2, depth // 2 + STATE, wording.states[state]))
    return format_html(SHAPE, name, state, width, depth, _joined(parts))


def _joined(parts):
    return format_html_join("", "{}", ((part,) for part in parts))
