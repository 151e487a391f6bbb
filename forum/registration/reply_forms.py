"""What a guest, or staff for a guest, may type as a reply."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms import dates
from cms.fields import Address, Line
from forum.registration import honorifics, replying
from forum.registration.consenting import Consenting
from forum.registration.forms import HonorificField, PersonForm
from forum.registration.models import Guest

Reply = Guest.Reply
REPRESENTATIVE = ("honorific", "title", "name_latin", "name_km", "position", "agency_name", "email", "phone")
COMPANION = ("honorific", "name_latin", "name_km")
CONSENT = {"agrees", "uses"}  # of the guest's own data, so only of who attends
REPLIES = [
    (Reply.ATTENDING, gettext_lazy("I attend")),
    (Reply.REPRESENTED, gettext_lazy("I am represented by somebody else")),
    (Reply.REGRETS, gettext_lazy("I cannot attend")),
]


class ReplyForm(Consenting, PersonForm):
    """One of three replies; the person in the guest's place; companions, a row each, of which blank ones are nobody."""

    reply = forms.ChoiceField(label=gettext_lazy("Your reply"), choices=REPLIES, widget=forms.RadioSelect)
    email = Address(
        label=gettext_lazy("E-mail address"),
        required=False,
        help_text=gettext_lazy("Of this person. Blank: messages come to you."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, guest: Guest, **kwargs):
        self.guest = guest
        super().__init__(*args, initial=_now(guest), **kwargs)
        for name in REPRESENTATIVE:
            field = self.fields[name]
            field.label = _("Representative: %(label)s") % {"label": field.label}
            field.required = field.widget.is_required = False
            field.widget.attrs |= {"autocomplete": "off", "data-after": "reply", "data-on": Reply.REPRESENTED.value}
        self.fields["agency_name"].help_text = _("Blank: the same as yours.")
        for number in range(1, guest.guest_list.companions + 1):
            self._add_companion(number)
        self.order_fields(["reply", *REPRESENTATIVE])

    def _add_companion(self, number):
        for name in COMPANION:
            like = PersonForm.base_fields[name]
            label = _("Companion %(number)s: %(label)s") % {"number": dates.digits(str(number)), "label": like.label}
            options = {"label": label, "required": False}
            if name == "honorific":
                field = HonorificField(label=label, offered=honorifics.STYLES)
            else:
                field = Line(max_length=120, validators=like.validators, **options)
            field.widget.attrs |= {"autocomplete": "off"} | ({"lang": "km"} if name == "name_km" else {})
            self.fields[f"companion_{number}_{name}"] = field

    @property
    def companion_numbers(self) -> range:
        return range(1, self.guest.guest_list.companions + 1)

    def clean(self):
        """What the act takes; what stands there for another reply is left alone."""
        data = super().clean()
        reply = data.get("reply")
        cleaned = {"reply": reply, "representative": None, "companions": []}
        if reply == Reply.ATTENDING:
            cleaned |= {name: data[name] for name in ("notice", "uses") if name in data}
        else:
            self._drop(CONSENT)
        if reply == Reply.REPRESENTED:
            self._require("name_latin", data)
            cleaned["representative"] = {name: data[name] for name in self.asked if name in data} | {
                "agency": data.get("agency")
            }
        elif reply:
            self._drop(REPRESENTATIVE)
        if reply == Reply.REGRETS:
            self._drop([name for name in self.fields if name.startswith("companion_")])
        elif reply:
            cleaned["companions"] = [
                person for number in self.companion_numbers if (person := self._companion(number, data))
            ]
        return cleaned

    asked = REPRESENTATIVE

    def _companion(self, number, data):
        names = {name: f"companion_{number}_{name}" for name in COMPANION}
        person = {name: data.get(field, "") for name, field in names.items()}
        if not (person["name_latin"] or person["name_km"]):
            return None
        self._require(names["name_latin"], data)
        return person

    def _require(self, name, data):
        if not data.get(name) and name not in self.errors:
            self.add_error(name, ValidationError(self.fields[name].error_messages["required"], code="required"))

    def _drop(self, names):
        for name in names:
            self._errors.pop(name, None)

    @property
    def people(self) -> list:
        """The fields of the person in the guest's place."""
        return [self[name] for name in self.asked]

    @property
    def companions(self) -> list[tuple[str, list]]:
        return [
            (dates.digits(str(number)), [self[f"companion_{number}_{name}"] for name in COMPANION])
            for number in self.companion_numbers
        ]


class StaffReplyForm(ReplyForm):
    """As it came by telephone or on paper; with the rank that the protocol gives."""

    protocol_rank = forms.IntegerField(
        label=gettext_lazy("Representative: protocol rank"), required=False, validators=[MinValueValidator(1)],
        max_value=9_999, help_text=gettext_lazy("1 is the highest."),
    )  # fmt: skip
    asked = (*REPRESENTATIVE, "protocol_rank")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reply"].choices = Reply.choices[1:]
        self.fields["reply"].label = _("Reply")
        self.order_fields(["reply", *self.asked])


def _now(guest) -> dict:
    """What has been replied so far."""
    if not guest.has_replied:
        return {}
    values = {"reply": guest.reply}
    holder = replying.holder_of(guest)
    if holder and guest.reply == Reply.REPRESENTED:
        values |= {name: getattr(holder, name) for name in REPRESENTATIVE if name not in {"email", "title"}}
        values["protocol_rank"] = holder.protocol_rank
        values["agency_name"] = holder.agency_in(holder.language)
        values["email"] = holder.email if holder.has_own_address else ""
    for number, companion in enumerate(replying.companions_of(guest), start=1):
        values |= {f"companion_{number}_{name}": getattr(companion, name) for name in COMPANION}
    return values
