"""What staff type to invite a person, and what the person types who was invited."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms import languages
from cms.fields import Address, Line
from cms.models import Edition
from forum.registration.delegation_forms import OnePassForm
from forum.registration.forms import PersonForm
from forum.registration.models import PassType, PersonalInvitation
from forum.registration.models.receiving import reached

KNOWN = ("honorific", "name_latin", "name_km", "position")


def until_field() -> forms.DateTimeField:
    return forms.DateTimeField(
        label=gettext_lazy("Valid until"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class InviteForm(PersonForm):
    """For a pass of a forum that is not over, of whatever kind."""

    phone = None
    agency_name = Line(label=gettext_lazy("Agency, company or school"), max_length=200, required=False)
    contact_name = Line(
        label=gettext_lazy("Contact, if it is not the person"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("An assistant or colleague who receives the messages and may act for the person."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = Address(
        label=gettext_lazy("E-mail address"),
        required=False,
        help_text=gettext_lazy("Blank: nobody is written to. Print the page for the person."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of messages"), choices=list(languages.OWN_NAMES.items()), widget=forms.RadioSelect,
        initial="km",
    )  # fmt: skip
    valid_until = until_field()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        editions = [edition for edition in Edition.objects.all() if not edition.is_over]
        passes = PassType.objects.filter(edition__in=editions).select_related("edition")
        self.passes = {str(each.pk): each for each in passes}
        choices = [(pk, f"{each.name} ({each.edition.slug})") for pk, each in self.passes.items()]
        self.fields["pass_type"] = forms.ChoiceField(label=_("Pass"), choices=[("", _("Choose a pass")), *choices])
        self.order_fields(["pass_type", "honorific", "title", "name_km", "name_latin"])

    def clean_pass_type(self) -> PassType:
        return self.passes[self.cleaned_data["pass_type"]]


class SendAgainForm(forms.Form):
    email = Address(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("At another address the person gets a new link, and the old one no longer opens."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    valid_until = until_field()


class InvitedForm(OnePassForm):
    """The public form, filled with what is known of the person; an address is asked of those who had one."""

    def __init__(self, *args, invitation: PersonalInvitation, **kwargs):
        known = {name: getattr(invitation, name) for name in KNOWN}
        known["agency_name"] = invitation.agency_name or invitation.agency_in(languages.current())
        known |= reached(
            "" if invitation.contact_name else invitation.email, contact=invitation.contact_name, address=invitation.email
        )
        super().__init__(*args, pass_type=invitation.pass_type, initial=known, **kwargs)
        if not invitation.email:
            self.fields["email"].required = self.fields["email"].widget.is_required = False
