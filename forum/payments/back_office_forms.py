"""What finance may type."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms import codes, money
from cms.fields import Address, Line
from cms.models import Edition
from cms.refusals import beside
from forum.payments.models import Method, Order, StatementFormat

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class WithAmount(forms.Form):
    """An amount as people write it, in minor units once it is clean; ``currency`` where the form does not ask for one."""

    amount = Line(label=gettext_lazy("Amount"), max_length=20)
    currency_of_row = ""

    def clean(self):
        data = super().clean()
        currency = data.get("currency") or self.currency_of_row
        if "amount" in data and currency:
            try:
                data["amount"] = money.read(data["amount"], currency)
            except ValidationError as refusal:
                raise beside("amount", refusal.messages[0], "amount") from None
            if data["amount"] <= 0:
                raise beside("amount", _("An amount is more than nothing."), "amount")
        return data


class PaymentForm(WithAmount):
    method = forms.ChoiceField(label=gettext_lazy("Method"), choices=[row for row in Method.choices if row[0] != "card"])
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=money.Currency.choices)
    reference = Line(
        label=gettext_lazy("Reference"), max_length=120,
        help_text=gettext_lazy("The number by which the bank or the cash book knows it; unique."),
    )  # fmt: skip
    received_on = forms.DateField(label=gettext_lazy("Received on"), widget=DAY)
    is_surplus = forms.BooleanField(label=gettext_lazy("It is more than is due: write it down all the same"), required=False)


class RefundForm(WithAmount):
    reason = Line(label=gettext_lazy("Reason"), max_length=300)
    reference = Line(
        label=gettext_lazy("Reference"), max_length=120, required=False,
        help_text=gettext_lazy("Of the transfer or the cash book; for cards blank."),
    )  # fmt: skip

    def __init__(self, *args, payment, **kwargs):
        super().__init__(*args, **kwargs)
        self.currency_of_row = payment.currency
        self.initial["amount"] = money.plain(payment.left, payment.currency)


class LetterForm(forms.Form):
    letter = Line(label=gettext_lazy("Number and date of the letter"), max_length=120)

    def __init__(self, *args, order, **kwargs):
        super().__init__(*args, **kwargs)
        if order.letter:
            words = _("Accepted already: %(letter)s. Another letter takes its place; the history keeps both.")
            self.fields["letter"].help_text = words % {"letter": order.letter}


class ReasonForm(forms.Form):
    reason = Line(label=gettext_lazy("Reason"), max_length=300)


class MatchForm(forms.Form):
    code = Line(label=gettext_lazy("Reference of the order"), max_length=20)

    def clean_code(self):
        order = Order.objects.filter(code=codes.read(self.cleaned_data["code"])).select_related("edition").first()
        if order is None:
            raise ValidationError(_("There is no such order."), code="order")
        return order


class BookingOrderForm(WithAmount):
    """What an agency is to pay for its booth."""

    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=money.Currency.choices)
    bill_to_name = Line(label=gettext_lazy("Invoice to"), max_length=200)
    bill_to_tax_number = Line(label=gettext_lazy("Tax number"), max_length=40, required=False)
    email = Address(label=gettext_lazy("E-mail address"))
    language = forms.ChoiceField(label=gettext_lazy("Language of messages"), choices=settings.LANGUAGES)


class StatementForm(forms.Form):
    format = forms.ModelChoiceField(StatementFormat.objects.all(), label=gettext_lazy("Bank and account"))
    file = forms.FileField(label=gettext_lazy("Statement (CSV)"))
    dry_run = forms.BooleanField(label=gettext_lazy("Only look, change nothing"), required=False, initial=True)


class LedgerForm(forms.Form):
    edition = forms.ModelChoiceField(Edition.objects.all(), label=gettext_lazy("Edition"), required=False)
    first = forms.DateField(label=gettext_lazy("From"), required=False, widget=DAY)
    last = forms.DateField(label=gettext_lazy("Until"), required=False, widget=DAY)
