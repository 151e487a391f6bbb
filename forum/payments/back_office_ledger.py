"""The ledger on a screen and as a file."""

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from forum.payments.back_office_forms import LedgerForm
from forum.payments.ledger import Entry, Ledger
from forum.payments.models import Order, Payment

AT_ONCE = 100


class LedgerFile(SpreadsheetExportMixin):
    """Wagtail's files, with our care for formulas and Khmer."""

    list_export = [
        "at", "kind", "code", "order", "edition", "payer", "method_plain", "amount_plain", "currency", "reference",
        "told_by", "by",
    ]  # fmt: skip
    model = Payment
    export_filename = "ledger"
    export_headings = {"at": "time", "method_plain": "method", "amount_plain": "amount"}

    def __init__(self, request):
        self.request = request

    def get_heading(self, queryset, field):
        return self.export_headings.get(field, field.replace("_", " "))


class Entries:
    """Read one by one, so that their number takes no memory."""

    def __init__(self, rows):
        self.rows = rows

    def count(self) -> int:
        return self.rows.count()

    def __iter__(self):
        return (Entry(*row) for row in self.rows.iterator(chunk_size=1000))


@require_safe
@permission_required("payments.view_payment", raise_exception=True)
def ledger(request):
    form = LedgerForm(request.GET)
    found = Ledger(**form.cleaned_data) if form.is_valid() else Ledger()
    rows = found.entries()
    if (kind := request.GET.get("export")) in ("csv", "xlsx"):
        return LedgerFile(request).as_spreadsheet(Entries(rows), kind)
    page = Paginator(rows, AT_ONCE).get_page(request.GET.get("p"))
    query = request.GET.copy()
    query.pop("p", None)
    context = {
        "form": form,
        "page": page,
        "entries": [Entry(*row) for row in page],
        "totals": [(total.currency, total.written()) for total in found.totals()],
        "query": query.urlencode(),
        "asked": {
            "decision": Order.objects.filter(state=Order.State.DECISION).count(),
            "refund": Order.objects.left_with_money().count(),
            "surplus": Order.objects.overpaid().count(),
        },
    }
    return render(request, "payments/back_office/ledger.html", context)
