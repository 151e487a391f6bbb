"""Two registrations side by side, and which value of each is to stay."""

from dataclasses import dataclass

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import registry

from cms import languages
from cms.fields import Line
from forum.badges.models import BadgePrint
from forum.checkin.models import Scan
from forum.desks import merging
from forum.payments.models import OrderLine
from forum.registration import accrediting, duplicates
from forum.registration.answering import answers_of
from forum.registration.models import AccessNeeds, Registration

FIRST, SECOND = "first", "second"
SHOWN = 4  # letters of a document's number


@dataclass
class Row:
    """One thing that is known of both; ``key`` where it may be taken over."""

    label: str
    first: str
    second: str
    key: str = ""
    lang: str = ""

    @property
    def is_same(self) -> bool:
        return self.first == self.second


class MergeForm(forms.Form):
    keep = forms.ChoiceField(label=gettext_lazy("Which registration stays"), widget=forms.RadioSelect)
    reason = Line(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("How you know that they are one person; no name. It stands in both histories."),
    )

    def __init__(self, *args, pair: duplicates.Pair, sees_accreditation: bool, **kwargs):
        self.people = {FIRST: pair.first, SECOND: pair.second}
        better = SECOND if _standing(pair.second) > _standing(pair.first) else FIRST
        super().__init__(*args, **kwargs)
        self.fields["keep"].choices = [(name, person.short_code) for name, person in self.people.items()]
        self.fields["keep"].initial = better
        both = pair.first, pair.second
        self.rows = [*known_of(*both), *accredited(*both, sees_accreditation), *answered_by(*both)]
        for row in self.rows:
            if not row.is_same:
                fallback = SECOND if better == FIRST else FIRST
                self.fields[row.key] = forms.ChoiceField(
                    label=row.label,
                    choices=[(FIRST, row.first or "–"), (SECOND, row.second or "–")],
                    widget=forms.RadioSelect,
                    initial=better if getattr(row, better) else fallback,
                )
        self.order_fields([name for name in self.fields if name not in ("keep", "reason")])

    def lines(self):
        """Each row with its field, if there is something to choose."""
        return [(row, self[row.key] if row.key in self.fields else None) for row in self.rows]

    def clean(self):
        """What the act takes."""
        data = super().clean()
        if self.errors:
            return data
        kept = data["keep"]
        taken = [row.key for row in self.rows if row.key in self.fields and data[row.key] != kept]
        return {
            "keep": self.people[kept],
            "other": self.people[SECOND if kept == FIRST else FIRST],
            "taken": taken,
            "reason": data["reason"],
        }


def _standing(person: Registration) -> tuple:
    """Who has more to lose stays: money, a letter's reply, a firm place, then who came first."""
    return (merging.has_money(person), bool(person.guest_id), person.is_coming, -person.pk)


def known_of(first: Registration, second: Registration) -> list[Row]:
    """What may be taken over."""
    values = [_values(person) for person in (first, second)]
    return [
        Row(label, *(each[key] for each in values), key=key, lang="km" if key == "name_km" else "")
        for key, label in _labels().items()
    ]


def _labels() -> dict[str, str]:
    return {
        "honorific": _("Form of address"),
        "name_latin": _("Name in Latin letters"),
        "name_km": _("Name in Khmer"),
        "position": _("Position"),
        "protocol_rank": _("Protocol rank"),
        "agency": _("Agency"),
        "contact": _("Contact and e-mail address"),
        "phone": _("Telephone"),
        "language": _("Language of messages"),
        merging.NEEDS: _("Access needs"),
    }


def _values(person) -> dict[str, str]:
    return {
        "honorific": person.honorific_in(languages.current()),
        "name_latin": person.name_latin,
        "name_km": person.name_km,
        "position": person.position,
        "protocol_rank": str(person.protocol_rank or ""),
        "agency": person.agency_in(languages.current()),
        "contact": " · ".join(filter(None, [person.email, person.contact_name, person.contact_email])),
        "phone": person.phone,
        "language": person.get_language_display(),
        merging.NEEDS: _needs(person),
    }


def _needs(person) -> str:
    needs = AccessNeeds.objects.filter(pk=person.pk).first()
    if not needs:
        return ""
    told = [(needs.wheelchair, _("Wheelchair")), (needs.sign_language, _("Sign language")), (needs.diet, needs.diet)]
    return ", ".join(str(words) for is_told, words in told if is_told)


def accredited(first: Registration, second: Registration, sees: bool) -> list[Row]:
    """What is known for clearance, where a pass asks for it. Whose role sees no accreditation sees that it is there; nobody
    sees here more of a number than tells one document from another."""
    known = [accrediting.of(person) for person in (first, second)]
    passes = [person.pass_type for person in (first, second)]
    documents = Row(_("Identity document"), *(_document(each, sees) for each in known), key=merging.DOCUMENT)
    pictures = Row(_("Photo"), *(_("given") if each and each.photo else "" for each in known), key=merging.PHOTO)
    return [documents] * any(each.asks_document for each in passes) + [pictures] * any(each.asks_photo for each in passes)


def _document(given, sees) -> str:
    if not (given and given.document_number):
        return ""
    if not sees:
        return _("complete")
    words = {"document": given.get_document_kind_display(), "end": given.document_number[-SHOWN:]}
    return _("%(document)s, number ends in %(end)s") % words


def answered_by(first, second) -> list[Row]:
    written = [
        {answer.question: answer.written for answer in answers_of(person, languages.current())} for person in (first, second)
    ]
    questions = dict.fromkeys([*written[0], *written[1]])
    return [
        Row(question.label, *(each.get(question, "") for each in written), key=f"{merging.ANSWER}{question.code}")
        for question in questions
    ]


def facts_of(first: Registration, second: Registration) -> list[Row]:
    """What is as it is: where each came from and what became of it."""
    facts = [_facts(person) for person in (first, second)]
    return [Row(label, facts[0][label], facts[1][label]) for label in facts[0]]


def _facts(person) -> dict[str, str]:
    prints = BadgePrint.objects.filter(badge__registration=person)
    orders = OrderLine.objects.filter(registration=person).select_related("order")
    return {
        _("Came by"): str(duplicates.channel_of(person)),
        _("Registered"): _when(person.registered_at),
        _("State"): person.get_state_display(),
        _("Pass"): person.pass_type.name,
        _("Badge printed"): ", ".join(_when(row.printed_at) for row in prints),
        _("Admitted"): ", ".join(
            _when(row.scanned_at) for row in Scan.objects.filter(badge__registration=person, refusal="")
        ),
        _("Orders"): ", ".join(f"{line.order.short_code}: {line.order.get_state_display()}" for line in orders),
        _("History"): " · ".join(
            f"{_when(entry.timestamp)} {entry.formatter.label if entry.formatter else entry.action}"
            for entry in registry.get_logs_for_instance(person)
        ),
    }


def _when(moment) -> str:
    return date_format(localtime(moment), "Y-m-d H:i")
