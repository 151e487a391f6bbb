"""What a person may type to register."""

import unicodedata
from functools import partial

from django import forms
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms import fonts, khmer, languages
from cms.fields import WANTED, Address, Line
from exhibitors.models import Agency
from forum.registration import honorifics
from forum.registration.answering import Answering
from forum.registration.consenting import Consenting
from forum.registration.models import NO_CONTACT, REACHED, AccessNeeds, PassType, Question, Receives, Registration, Role
from forum.registration.question_fields import Phone

MARKS = set(" .,'’-()")


def check_script(script: str, message):
    """A validator: every letter belongs to ``script`` (the first word of its Unicode name), and there is one at least."""

    def check(value: str):
        letters = [character for character in value if character not in MARKS and unicodedata.category(character) != "Cf"]
        others = [letter for letter in letters if not unicodedata.name(letter, "").startswith(script)]
        if others and all(map(str.isdigit, others)):
            raise ValidationError(_("Write this name without digits."), code="digits")
        if others or not letters:
            raise ValidationError(message, code="script")
        if missing := fonts.missing(value):
            letters = " ".join(sorted(missing))
            raise ValidationError(_("The badge printer has no letter for: %(letters)s"), "letters", {"letters": letters})

    return check


class Name(Line):
    """A name, with plain blanks: what is copied from Word or Excel brings others, which look the same."""

    def to_python(self, value):
        return "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in super().to_python(value))


class LatinName(Name):
    """Nothing in it breaks a line or joins letters unseen, as Khmer writing has to."""

    def to_python(self, value):
        return "".join(sign for sign in super().to_python(value) if sign not in WANTED)


class HonorificField(forms.ChoiceField):
    """One of two boxes of forms of address: what it offers, what the person has already, and what a sheet brings."""

    def __init__(self, *, offered: dict[str, list[str]], **kwargs):
        super().__init__(required=False, **kwargs)
        self.offered = offered
        self.show()

    def show(self, *more: str):
        """Offers these besides. The choices are made when they are shown: a sheet has a form for each row and shows none."""
        self.choices = partial(honorifics.choices, self.offered, *more)

    def valid_value(self, value):
        return honorifics.is_normal(value)


class Addressed(forms.Form):
    """How somebody is addressed: the style, and beside it a title; both are one column."""

    honorific = HonorificField(label=gettext_lazy("Form of address"), offered=honorifics.STYLES)
    title = HonorificField(
        label=gettext_lazy("Title before the name"),
        offered=honorifics.TITLES,
        help_text=gettext_lazy("Conferred, military or academic, if there is one."),
    )
    more_titles: list[str] = []

    def __init__(self, *args, **kwargs):
        initial = dict(kwargs.get("initial") or {})
        if "title" not in initial and initial.get("honorific"):
            initial["honorific"], initial["title"] = honorifics.split(initial["honorific"])
        super().__init__(*args, **(kwargs | {"initial": initial}))
        for name, more in (("honorific", []), ("title", self.more_titles)):
            now = self[name].value() or ""
            self.fields[name].show(*more, *([now] if honorifics.is_normal(now) else []))

    def clean(self):
        data = super().clean()
        data["honorific"] = honorifics.normal(f"{data.get('honorific', '')} {data.pop('title', '')}")
        return data


class PersonForm(Addressed):
    """The person: how the name is written, where they come from, who receives the messages."""

    name_latin = LatinName(
        label=gettext_lazy("Full name in Latin letters"),
        max_length=120,
        help_text=gettext_lazy("As in the passport or identity card. It is printed on the badge."),
        validators=[check_script("LATIN", gettext_lazy("Write this name in Latin letters."))],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    name_km = Name(
        label=gettext_lazy("Full name in Khmer"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Family name first. It is printed above the Latin name."),
        validators=[check_script("KHMER", gettext_lazy("Write this name in Khmer letters."))],
        widget=forms.TextInput(attrs={"lang": "km", "autocomplete": "off"}),
    )
    agency_name = Line(
        label=gettext_lazy("Agency, company or school"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Choose from the list, or type the name if it is not there."),
        widget=forms.TextInput(attrs={"list": "agencies", "autocomplete": "organization"}),
    )
    position = Line(
        label=gettext_lazy("Position"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    email = Address(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("Of the person. The link to the badge is sent here. One address may serve several people."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = Phone(
        label=gettext_lazy("Telephone"), required=False, help_text=gettext_lazy("In case a message does not arrive.")
    )

    def clean(self):
        data = super().clean()
        self.find_agency(data)
        return data

    def find_agency(self, data):
        """The body among those we know, by its name in either language."""
        agency_id = agencies_by_name().get(khmer.fold(data.get("agency_name") or ""))
        data["agency"] = Agency.objects.filter(pk=agency_id).first() if agency_id else None

    @property
    def agencies(self) -> list[str]:
        return agency_names()


class Contacted(forms.Form):
    """Who receives the messages: the person, a contact who may act for them, or both. Where the person alone does, there is
    no contact, whatever else was typed."""

    receives = forms.ChoiceField(
        label=gettext_lazy("Who receives the messages"),
        required=False,
        choices=[
            (Receives.PERSON, gettext_lazy("The person who is registered")),
            (Receives.CONTACT, gettext_lazy("A contact alone: I am registering somebody else")),
            (Receives.BOTH, gettext_lazy("The person, and a contact as well")),
        ],
        initial=Receives.PERSON,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("A contact, such as an aide or a secretary, may act for the person."),
    )
    contact_name = Line(
        label=gettext_lazy("Contact’s name"),
        max_length=120,
        help_text=gettext_lazy("If a contact receives messages."),
        error_messages={"required": gettext_lazy("Say who the contact is.")},
    )
    contact_role = forms.ChoiceField(
        label=gettext_lazy("Contact’s role"), required=False, choices=[("", gettext_lazy("Choose a role")), *Role.choices]
    )
    contact_email = Address(
        label=gettext_lazy("Contact’s e-mail address"),
        error_messages={"required": gettext_lazy("Say where to write to the contact.")},
        help_text=gettext_lazy("One contact may receive the messages of several people."),
    )
    contact_phone = Phone(label=gettext_lazy("Contact’s telephone"), required=False)
    contact_language = forms.ChoiceField(
        label=gettext_lazy("Contact’s language of messages"),
        required=False,
        choices=[("", gettext_lazy("The same as the person’s")), *languages.OWN_NAMES.items()],
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        order = [name for name in self.fields if name != "receives"]
        order.insert(order.index("email"), "receives")
        self.order_fields(order)
        for name in NO_CONTACT:
            if name != "receives":
                on = f"{Receives.CONTACT.value} {Receives.BOTH.value}"
                self.fields[name].widget.attrs |= {"autocomplete": "off", "data-after": "receives", "data-on": on}
        if self["receives"].value() == Receives.CONTACT:
            self.fields["email"].required = self.fields["email"].widget.is_required = False

    def clean(self):
        data = super().clean()
        if not data.get("receives"):
            is_named = data.get("contact_name") or data.get("contact_email")
            data["receives"] = Receives.CONTACT if is_named else Receives.PERSON
        if data["receives"] == Receives.PERSON:
            data |= NO_CONTACT
            for name in NO_CONTACT:
                self._errors.pop(name, None)
            return data
        if (
            data["receives"] == Receives.BOTH
            and data.get("email")
            and data["email"].lower() == (data.get("contact_email") or "").lower()
        ):
            self.add_error(
                "contact_email", _("This is the person’s own address. Write the contact’s, or choose one of the two.")
            )
        return data


def _label(pass_type: PassType, held: PassType | None) -> str:
    words = pass_type.name
    if pass_type.description:
        words = _("%(label)s: %(words)s") % {"label": words, "words": pass_type.description}
    if not pass_type.is_free:
        words = _("%(pass)s. Price: %(price)s") % {"pass": words, "price": pass_type.price_written}
    if pass_type.days:
        words = _("%(pass)s. Valid on: %(days)s") % {"pass": words, "days": pass_type.days_written}
    if pass_type.needs_code:
        words = _("%(pass)s (with a code)") % {"pass": words}
    if pass_type == held:
        return words
    if pass_type.is_full and pass_type.has_waiting_list:
        return _("%(pass)s (full: you join the waiting list)") % {"pass": words}
    return _("%(pass)s (full)") % {"pass": words} if pass_type.is_full else words


_label_when_drawn = lazy(_label, str)  # a form that is sent has no need of it


class RegistrationForm(Consenting, Answering, Contacted, PersonForm):
    """The form on the public page: the person, the pass and what the organisers ask."""

    code = Line(
        label=gettext_lazy("Access code"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("If you were given one. It opens the pass for which it was made."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    needs = forms.MultipleChoiceField(
        label=gettext_lazy("What you need to take part"),
        required=False,
        choices=[
            ("wheelchair", gettext_lazy("I come in a wheelchair")),
            ("sign_language", gettext_lazy("I need sign language")),
        ],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Only if you wish to say so. The help desk alone sees it, to prepare, and it is deleted after the forum."
        ),
    )
    diet = Line(
        label=gettext_lazy("Diet"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("What you do not eat, if meals should respect it. Seen and deleted like the above."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, pass_types, held: PassType | None = None, **kwargs):
        """``held`` is the pass that a person has already: it is theirs however full."""
        super().__init__(*args, **kwargs)
        self.pass_types = {pass_type.slug: pass_type for pass_type in pass_types}
        self.fields["pass_type"] = forms.ChoiceField(
            label=_("Pass"),
            widget=forms.RadioSelect,
            choices=[(slug, _label_when_drawn(pass_type, held)) for slug, pass_type in self.pass_types.items()],
        )
        if not any(pass_type.needs_code for pass_type in self.pass_types.values()):
            del self.fields["code"]
        for last in ("needs", "diet", "uses", "agrees"):
            if last in self.fields:
                self.fields[last] = self.fields.pop(last)
        self.order_fields(["pass_type", "code"])

    def clean_pass_type(self):
        return self.pass_types[self.cleaned_data["pass_type"]]

    def clean(self):
        data = super().clean()
        data["needs"] = dict.fromkeys(data.get("needs") or [], True) | {"diet": data.pop("diet", "")}
        return data


class EditForm(RegistrationForm):
    """The same form for somebody who is registered, filled with what they gave."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language of messages"), choices=list(languages.OWN_NAMES.items()), widget=forms.RadioSelect
    )

    def __init__(self, *args, registration: Registration, **kwargs):
        held = registration.pass_type
        is_given = registration.delegation_id or registration.guest_id
        may_change = registration.edition.is_registration_open and not is_given
        offered = list(PassType.objects.on_offer(registration.edition)) if may_change else []
        super().__init__(
            *args,
            pass_types=offered if held in offered else [held, *offered],
            held=held,
            questions=Question.objects.asked(registration.edition),
            answered={answer.question_id: answer for answer in registration.answers.all()},
            initial=self._now(registration),
            **kwargs,
        )
        if "code" in self.fields:
            self.fields["code"].help_text = _("Only for another pass that needs one.")
        if not registration.email:
            self.fields["email"].required = self.fields["email"].widget.is_required = False

    @staticmethod
    def _now(registration) -> dict:
        names = ("honorific", "name_latin", "name_km", "position", "phone", "language", *REACHED)
        needs = AccessNeeds.objects.filter(pk=registration.pk).first()
        return {name: getattr(registration, name) for name in names} | {
            "pass_type": registration.pass_type.slug,
            "agency_name": registration.agency_name or registration.agency_in(languages.current()),
            "needs": [name for name in ("wheelchair", "sign_language") if needs and getattr(needs, name)],
            "diet": needs.diet if needs else "",
        }


class AnswersForm(Answering):
    """The questions alone, for staff: nothing must be answered."""

    def __init__(self, *args, pass_type, **kwargs):
        super().__init__(*args, **kwargs)
        self.pass_type = pass_type
        for field in self.fields.values():
            field.required = field.widget.is_required = False

    def clean(self):
        self.cleaned_data["pass_type"] = self.pass_type
        return {"answers": super().clean()["answers"]}


class LinkForm(forms.Form):
    """An address to which links are sent again."""

    email = Address(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("The one with which you registered."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


AGENCIES_KEPT = 60  # seconds for which one process keeps the list of names


def _agencies() -> list[tuple[int, str, str]]:
    return caches["pages"].get_or_set(
        "registration.agencies", lambda: list(Agency.objects.values_list("id", "name_en", "name_km")), AGENCIES_KEPT
    )


def agency_names() -> list[str]:
    """What the list under the field offers: each body in both languages."""
    return [name for _id, english, in_khmer in _agencies() for name in (english, in_khmer) if name]


def agencies_by_name() -> dict[str, int]:
    """Kept as well: to fold some hundred names anew takes longer than all other cleaning of the form."""
    return caches["pages"].get_or_set(
        "registration.agencies-by-name",
        lambda: {khmer.fold(name): pk for pk, *names in _agencies() for name in names if name},
        AGENCIES_KEPT,
    )
