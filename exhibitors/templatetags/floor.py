"""Booths by the hundred, on the plan and in its table: a template that looks at each of 1,200 takes most of a second.

Numbers and names of ours are written at once; what people typed is filled in by one ``format_html`` for all booths."""

from functools import cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from cms import dates, languages
from cms.templatetags.reading import text
from exhibitors.models import Booth
from exhibitors.plan import Sheet, Stand, State, Wording

register = template.Library()

# How far below the middle of the booth its code and its state stand, in centimetres.
CODE, STATE = -10, 70
TAGS = {State.FREE: "ok", State.HELD: "wait", State.YOURS: "info"}


@register.simple_tag
def booths(sheet: Sheet):
    """The booths of a sheet in walking order, each a link that is named in words; what does not fit the filter is mute.
    What looks alike is drawn once."""
    wording, names, drawn, words = Wording(), {}, [], []
    for stand in sheet.stands:
        booth = stand.booth
        shape = (stand.state if stand.is_match else "mute", booth.width, booth.depth, stand.walls)
        name = names.setdefault(shape, f"shape-{sheet.number}-{len(names)}")
        x, y = booth.x + booth.width // 2, booth.y + booth.depth // 2 + CODE
        inside = f'<use href="#{name}" x="{booth.x}" y="{booth.y}"/><text class="booth__code" x="{x}" y="{y}">{{}}</text>'
        if stand.is_match:
            drawn.append(f'<a class="booth booth--{stand.state}" href="{{}}"><title>{{}}</title>{inside}</a>\n')
            words += [stand.address, wording.label(stand), booth.code]
        else:
            drawn.append(f'<g class="booth booth--mute" aria-hidden="true">{inside}</g>\n')
            words.append(booth.code)
    shapes = [_shape(name, *shape) for shape, name in names.items()]
    states = [wording.states[state] for state, *_size in names if state in State.values]
    return format_html(f'<defs aria-hidden="true">\n{"".join(shapes)}</defs>\n{"".join(drawn)}', *states, *words)


@register.simple_tag
def booth_rows(rows: list[Stand]):
    """The same booths as rows of their table."""
    labels = [_("Booth"), _("State"), _("Exhibitor"), _("Zone"), _("Size"), _("Type")]
    row = format_html(
        '<tr><td data-label="{}"><a class="code" href="{{}}">{{}}</a></td><td data-label="{}">{{}}</td>'
        '<td data-label="{}">{{}}</td><td data-label="{}">{{}}</td>'
        '<td data-label="{}">{{}}</td><td data-label="{}">{{}}</td></tr>\n',
        *labels,
    )
    wording, kinds, size, cells = Wording(), dict(Booth.Kind.choices), _("%(size)s m"), []
    tag = cache(lambda state: _tag(state, wording))
    once = cache(lambda words: format_html("{}", words))  # many booths have the same size and type
    zone = cache(lambda zone: once(text(zone, "name")))
    for stand in rows:
        booth = stand.booth
        cells += [stand.address, booth.code, tag(stand.state), _exhibitor(stand, wording)]
        cells += [
            zone(booth.zone),
            once(size % {"size": dates.digits(booth.size, wording.language)}),
            once(kinds[booth.kind]),
        ]
    return format_html(row * len(rows), *cells)


def _tag(state, wording):
    return format_html('<span class="tag tag--{}">{}</span>', TAGS.get(state, "stop"), wording.states[state])


def _exhibitor(stand, wording):
    """And the pavilion where it stands in one, and who shares the booth."""
    names = [_name(thing, wording) for thing in stand.exhibitor_and_pavilion] + stand.co_exhibitors
    return format_html_join(" · ", "{}", ((name,) for name in names)) if names else "–"


def _name(thing, wording):
    words, code = languages.read(thing, "name", wording.language)
    return words if code == wording.language else format_html('<span lang="{}">{}</span>', code, words)


def _shape(name, state, width, depth, walls) -> str:
    """With a place for its state, which is written inside."""
    parts = [f'<rect class="booth__floor" width="{width}" height="{depth}"/>']
    if state in State.values and state != State.FREE:
        parts.append(f'<rect class="booth__pattern" fill="url(#booth-{state})" width="{width}" height="{depth}"/>')
    if walls:
        parts.append(f'<path class="booth__walls" d="{walls}"/>')
    if state in State.values:
        parts.append(f'<text class="booth__state" x="{width // 2}" y="{depth // 2 + STATE}">{{}}</text>')
    return f'<g id="{name}" class="booth--{state}">{"".join(parts)}</g>\n'
