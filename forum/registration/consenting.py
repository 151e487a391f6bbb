"""Agreeing to the privacy notice, and allowing further uses or taking that back."""

from collections import defaultdict
from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from cms.models import Edition
from forum.registration.models import Consent, FurtherUse, How, Permission, PrivacyNotice, Registration

AGREES_FIELD = "registration/includes/agrees.html"
COLUMNS = ("registration", "holder_no", "how", "said_at", "notice__edition", "notice__version")


class Agrees(forms.BooleanField):
    """The tick, with the notice whose short text stands above it and whose whole text is one link away."""

    notice: PrivacyNotice
    default_error_messages = {"required": gettext_lazy("Please tick this box.")}


class Consenting(forms.Form):
    """Adds a tick for the notice, which must be set, and ticks for further uses, which need not be.

    The version that was shown comes back with the form: nobody agrees to words that they have not seen.
    """

    AGREES = gettext_lazy("I have read how my data is used, and I agree.")
    agrees_is_required = True

    def __init__(self, *args, notice: PrivacyNotice | None = None, uses: Iterable[FurtherUse] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.notice, self.uses = notice, {use.code: use for use in uses}
        if self.uses:
            self.fields["uses"] = forms.MultipleChoiceField(
                label=_("What you allow besides"),
                required=False,
                choices=[(code, use.label) for code, use in self.uses.items()],
                widget=forms.CheckboxSelectMultiple,
                help_text=_("Taking part does not depend on it. You can take it back on your own page."),
            )
        if notice:
            self.fields["version"] = forms.CharField(widget=forms.HiddenInput, initial=notice.version, required=False)
            self.fields["agrees"] = Agrees(
                label=self.AGREES, required=self.agrees_is_required, help_text=notice.summary, template_name=AGREES_FIELD
            )
            self.fields["agrees"].notice = notice

    def clean_agrees(self):
        if self.cleaned_data["agrees"] and self.data.get(self.add_prefix("version")) != str(self.notice.version):
            raise outdated()
        return self.cleaned_data["agrees"]

    def clean(self):
        data = super().clean()
        data.pop("version", None)
        if self.notice:
            data["notice"] = self.notice if data.pop("agrees", False) else None
        if self.uses:
            data["uses"] = [self.uses[code] for code in data.get("uses") or []]
        return data


class ConsentForm(Consenting):
    """The tick alone, for a page that asks for nothing else, or for many people together."""


def asked(edition: Edition) -> dict:
    """What a form of an edition asks, as ``Consenting`` takes it."""
    uses = FurtherUse.objects.filter(edition=edition, is_asked=True)
    return {"notice": noticed(edition), "uses": uses}


def noticed(edition: Edition) -> PrivacyNotice | None:
    notice = PrivacyNotice.objects.defer("text_en", "text_km").in_force(edition)
    if notice:
        notice.edition = edition
    return notice


def check(edition: Edition, notice: PrivacyNotice | None) -> None:
    """Refuses with ``consent`` where a notice is in force and nobody agreed to it, and ``outdated`` where it was another."""
    now = PrivacyNotice.objects.published().filter(edition=edition).values_list("pk", flat=True).first()
    if now and not notice:
        raise ValidationError(_("Please read how the data is used, and set the tick."), code="consent")
    if now and now != notice.pk:
        raise outdated()


def outdated() -> ValidationError:
    return ValidationError(_("The text has changed meanwhile. Please read it and set the tick once more."), code="outdated")


@transaction.atomic(savepoint=False)
def keep(
    registration: Registration,
    notice: PrivacyNotice | None,
    uses: Iterable[FurtherUse] = (),
    *,
    how: str = How.PAGE,
    user=None,
) -> None:
    """Writes down what was said by or for who holds the place now; once more changes nothing."""
    said = {"registration": registration, "holder_no": registration.holder_no, "how": how, "said_by": user}
    if notice:
        Consent.objects.bulk_create([Consent(notice=notice, **said)], ignore_conflicts=True)
    allowed = [Permission(use=use, **said) for use in uses]
    if allowed:
        Permission.objects.bulk_create(allowed, ignore_conflicts=True)


@transaction.atomic
def hand_over(registration: Registration, sources: Iterable[tuple[int, int]]) -> None:
    """What one person said in several registrations, each with the holder who they were there, is theirs here. Of each
    further use the last word counts, wherever it was said: who took it back there has taken it back."""
    said = Q()
    for pk, holder_no in sources:
        said |= Q(registration=pk, holder_no=holder_no)
    theirs = {"registration": registration, "holder_no": registration.holder_no}
    known = set(Consent.objects.of(registration).values_list("notice", "how"))
    for consent in Consent.objects.filter(said).order_by("said_at", "pk"):
        if (consent.notice_id, consent.how) not in known:
            known.add((consent.notice_id, consent.how))
            Consent.objects.filter(pk=consent.pk).update(**theirs)
    words = defaultdict(list)
    for permission in Permission.objects.filter(said).order_by("pk"):
        words[permission.use_id].append(permission)
    for rows in words.values():
        _let_the_last_word_count(rows)
    Permission.objects.filter(said).update(**theirs)


def _let_the_last_word_count(rows):
    last = max(rows, key=lambda row: (row.taken_back_at or row.said_at, row.taken_back_at is not None))
    others = Permission.objects.filter(pk__in=[row.pk for row in rows if row != last], taken_back_at=None)
    if last.taken_back_at:
        others.update(taken_back_at=last.taken_back_at)
    else:  # the same yes, which is written down once
        others.delete()


@transaction.atomic
def agree(*, registration: Registration, version: str) -> None:
    """A person agrees on their own page to the version they were shown; refuses with ``outdated`` and ``withdrawn``."""
    row = _lock(registration)
    notice = noticed(row.edition)
    if not notice or str(notice.version) != version:
        raise outdated()
    keep(row, notice)
    log(instance=row, action="registration.agree", data={"version": notice.version})


@transaction.atomic
def allow(*, registration: Registration, uses: Iterable[FurtherUse]) -> None:
    """A person allows these further uses and no others; what they take back stays written down as taken back."""
    row = _lock(registration)
    wanted = {use.pk for use in uses}
    open_ones = Permission.objects.of(row).filter(taken_back_at=None)
    before = set(open_ones.values_list("use", flat=True))
    gone = open_ones.exclude(use__in=wanted).update(taken_back_at=timezone.now())
    new = [use for use in uses if use.pk not in before]
    keep(row, None, new)
    if gone or new:
        log(instance=row, action="registration.allow", data={"allowed": len(new), "taken_back": gone})


def _lock(registration) -> Registration:
    row = Registration.objects.select_for_update().get(pk=registration.pk)
    if not row.is_live or row.erased_at:
        raise ValidationError(_("This registration was withdrawn."), code="withdrawn")
    return row


def latest(registration: Registration) -> Consent | None:
    """The newest version to which who holds the place now agreed, or somebody for them; of that, what was said last."""
    said = Consent.objects.of(registration).select_related("notice").only(*COLUMNS)
    return said.order_by("-notice__version", "-said_at", "-id").first()


def is_due(registration: Registration, notice: PrivacyNotice | None, consent: Consent | None) -> bool:
    """Whether ``notice``, which is in force, is to be agreed to: nobody agreed yet, or it changed in substance since."""
    if not notice:
        return False
    if not consent:
        return True
    if consent.notice_id == notice.pk:
        return False
    later = PrivacyNotice.objects.published().filter(edition=notice.edition_id, version__gt=consent.notice.version)
    return later.filter(is_material=True).exists()


def due(people: QuerySet) -> QuerySet:
    """Of these people those who live and of whom ``is_due`` holds, in the same query."""
    published = PrivacyNotice.objects.published()
    later = published.filter(edition=OuterRef("notice__edition"), version__gt=OuterRef("notice__version"), is_material=True)
    agreed = Consent.objects.filter(~Exists(later), registration=OuterRef("pk"), holder_no=OuterRef("holder_no"))
    return people.live().filter(Exists(published.filter(edition=OuterRef("edition"))), ~Exists(agreed))


def allowed_uses(registration: Registration, uses: Iterable[FurtherUse] | None = None) -> list[FurtherUse]:
    """Those asked now, and those asked before that the person has allowed; each with ``is_allowed``. ``uses`` are all of
    the edition, where they are at hand."""
    open_ones = set(Permission.objects.of(registration).filter(taken_back_at=None).values_list("use", flat=True))
    if uses is None:
        uses = FurtherUse.objects.filter(edition=registration.edition_id)
    found = [use for use in uses if use.is_asked or use.pk in open_ones]
    for use in found:
        use.is_allowed = use.pk in open_ones
    return found
