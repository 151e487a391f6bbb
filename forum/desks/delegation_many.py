"""The delegation's desk for many people at once: the grid, and the sheet with its dry run."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from cms import dates, languages, sheet_forms
from cms.privacy import personal
from forum.desks.delegation_views import back, find, show, typed
from forum.payments import delegation_orders
from forum.registration import consenting, delegating, enrolling, honorifics, sheet_rows
from forum.registration.delegation_forms import AllAgreeForm, NamesGrid, NewDelegateForm, passes_of


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def grid(request, agency, edition):
    delegation = find(request, agency, edition)
    names = NamesGrid(typed(request), form_kwargs={"pass_types": passes_of(delegation)})
    agreed = AllAgreeForm(typed(request), notice=consenting.noticed(delegation.edition))
    if not names.is_bound:
        return show(request, "desks/delegation/grid.html", delegation, grid=names, agreed=agreed)
    if not agreed.is_valid():
        names.is_valid()
        return show(request, "desks/delegation/grid.html", delegation, grid=names, agreed=agreed, status=422)
    notice = agreed.cleaned_data.get("notice")
    refusals, registered = _register_rows(delegation, names, request.user, notice)
    if registered:
        messages.success(request, _people(len(registered)))
    if registered and not refusals:
        return back(request, delegation)
    delegation_orders.follow(delegation=delegation, user=request.user)
    names = names.without(registered)
    names.is_valid()
    for number, refusal in refusals.items():
        if refusal:
            names.forms[number].add_error(None, refusal)
    status = 422 if refusals else 200
    return show(request, "desks/delegation/grid.html", delegation, grid=names, agreed=agreed, status=status)


def _register_rows(delegation, names, user, notice):
    """What stands in the way of each row that was not registered (None: the form says it), and the rows that were."""
    refusals, registered = {}, set()
    for number, form in enumerate(names.forms):
        if not form.has_changed():
            continue
        if not form.is_valid():
            refusals[number] = None
            continue
        try:
            delegating.register(delegation=delegation, user=user, notice=notice, **form.cleaned_data)
            registered.add(number)
        except ValidationError as refusal:
            refusals[number] = refusal
    return refusals, registered


class RowsForm(sheet_forms.RowsForm, AllAgreeForm):
    columns, most_rows = enrolling.COLUMNS, sheet_rows.MOST_ROWS


def _sheet_form(delegation, *args) -> sheet_forms.SheetForm:
    def understand(table):
        return enrolling.understand(table, delegation)

    return sheet_forms.SheetForm(*args, understand=understand, most_rows=sheet_rows.MOST_ROWS)


@personal
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request, agency, edition):
    """The file first says what it would do; the page that tells it holds the rows and does it."""
    delegation = find(request, agency, edition)
    if "rows" in request.POST:
        return _bring_in(request, delegation)
    form = _sheet_form(delegation, typed(request), request.FILES or None)
    if not form.is_valid() or not delegation.is_open:
        return _choose(request, delegation, form)
    rows, ignored = form.cleaned_data["sheet"]
    lines = enrolling.plan(delegation=delegation, rows=rows, user=request.user)
    held = RowsForm(initial={"rows": rows}, notice=consenting.noticed(delegation.edition))
    return _report(request, delegation, lines, held=held, ignored=ignored)


def _bring_in(request, delegation):
    form = RowsForm(request.POST, notice=consenting.noticed(delegation.edition))
    form.full_clean()
    if "rows" in form.errors:
        choose = _sheet_form(delegation, {}, {})
        choose.full_clean()
        return _choose(request, delegation, choose)
    lines = enrolling.plan(delegation=delegation, rows=form.cleaned_data["rows"], user=request.user)
    if form.errors:
        return _report(request, delegation, lines, held=form)
    enrolling.carry_out(delegation=delegation, lines=lines, user=request.user, notice=form.cleaned_data.get("notice"))
    delegation_orders.follow(delegation=delegation, user=request.user)
    return _report(request, delegation, lines)


def _choose(request, delegation, form):
    return show(request, "desks/delegation/sheet.html", delegation, form, most_rows=sheet_rows.MOST_ROWS)


def _report(request, delegation, lines, held=None, ignored=()):
    return show(request, "desks/delegation/report.html", delegation, **sheet_forms.report(lines, held, ignored))


@personal
@login_required
@require_safe
def template(request, agency, edition):
    """The sheet to fill in, in the reader's language."""
    delegation = find(request, agency, edition)
    form = NewDelegateForm(pass_types=passes_of(delegation))
    choices = {
        "pass_type": [each.name for each in form.pass_types.values()],
        "honorific": honorifics.for_sheets(),
        "language": list(languages.OWN_NAMES.values()),
    }
    columns = [
        (heading, str(form.fields[name].help_text), choices.get(name, []))
        for name, heading in enrolling.headings(delegation).items()
    ]
    return sheet_forms.to_fill_in(_("Delegation"), columns, f"delegation-{delegation.edition.slug}")


def _people(number: int) -> str:
    words = ngettext("%(written)s person is registered.", "%(written)s people are registered.", number)
    return words % {"written": dates.digits(str(number))}
