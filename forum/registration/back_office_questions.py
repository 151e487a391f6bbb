"""Questions in the back office: organisers build what the form of an edition asks."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList

from cms.back_office import Rows
from cms.refusals import beside
from forum.registration.models import NO, YES, Question

ANY = "*"  # any answer at all


def conditions() -> list[tuple[str, str | list]]:
    """What an answer before may have been: for each question ``code:`` and a key of ``Question.shown_on``."""
    found = [("", _("Always shown"))]
    for question in Question.objects.select_related("edition").prefetch_related("choices"):
        answers = [(f"{question.code}:{ANY}", _("any answer"))]
        if question.kind in Question.CHOSEN:
            answers += [(f"{question.code}:{choice.code}", choice.name) for choice in question.choices.all()]
        if question.kind == Question.Kind.YES_NO:
            answers += [(f"{question.code}:{YES}", _("Yes")), (f"{question.code}:{NO}", _("No"))]
        found.append((f"{question.label} ({question.edition.slug})", answers))
    return found


class QuestionForm(WagtailAdminModelForm):
    """A question that can be answered: with choices where it needs them, after one that stands before it."""

    condition = forms.ChoiceField(
        label=gettext_lazy("Shown only on an earlier answer"), required=False, choices=lazy(conditions, list)
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if before := self.instance.shown_after:
            self.initial["condition"] = f"{before.code}:{self.instance.shown_on or ANY}"

    def clean_kind(self):
        kind = self.cleaned_data["kind"]
        if self.instance.pk and kind != self.instance.kind and self.instance.answers.exists():
            raise ValidationError(_("It was answered already: the kind of answer stays."), code="answered")
        return kind

    def clean_passes(self):
        passes, edition = self.cleaned_data["passes"], self.cleaned_data.get("edition")
        if edition and any(pass_type.edition_id != edition.pk for pass_type in passes):
            raise ValidationError(_("A pass belongs to another edition."), code="other_edition")
        return passes

    def clean(self):
        data = super().clean()
        self._follow(data)
        self._refuse_without_choices(data)
        return data

    def _follow(self, data):
        """Turns the condition into the question that is followed, and its answer."""
        code, _colon, key = (data.get("condition") or "").partition(":")
        before = Question.objects.filter(code=code).first() if code else None
        self.instance.shown_after, self.instance.shown_on = before, "" if key == ANY else key
        if before and "edition" in data and before.edition_id != data["edition"].pk:
            raise beside("condition", _("This question belongs to another edition."), "other_edition")
        if before and not self._stands_before(before, data.get("position") or 0):
            raise beside("condition", _("A question can only follow one that stands before it."), "order")

    def _stands_before(self, before, position) -> bool:
        return before.pk != self.instance.pk and (before.position, before.pk) < (position, self.instance.pk or float("inf"))

    def _refuse_without_choices(self, data):
        rows = self.formsets["choices"]
        rows.is_valid()  # so that each has said what it holds
        kept = [row for row in rows.forms if row.cleaned_data and not row.cleaned_data.get("DELETE")]
        if data.get("kind") in Question.CHOSEN and len(kept) < 2:
            raise beside("kind", _("Write two choices at least."), "choices")


class QuestionViewSet(Rows):
    model = Question
    icon = "help"
    menu_label = gettext_lazy("Questions")
    list_display = ["label_en", "label_km", "edition", "kind", "is_required", "is_asked", "position"]
    list_filter = ["edition", "kind", "is_asked"]
    ordering = ["edition", "position", "id"]
    panels = [
        FieldRowPanel([FieldPanel("edition"), FieldPanel("kind")]),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("label_en"), FieldPanel("label_km")]),
                FieldRowPanel([FieldPanel("help_en"), FieldPanel("help_km")]),
            ],
            heading=gettext_lazy("Wording"),
        ),
        InlinePanel(
            "choices",
            [FieldPanel("name_en"), FieldPanel("name_km")],
            heading=gettext_lazy("Choices"),
            label=gettext_lazy("Choice"),
            help_text=gettext_lazy("For the kinds choice and several choices."),
        ),
        FieldRowPanel([FieldPanel("is_required"), FieldPanel("is_asked")]),
        MultiFieldPanel([FieldPanel("passes"), FieldPanel("condition")], heading=gettext_lazy("When it is asked")),
        FieldRowPanel([FieldPanel("position"), FieldPanel("kept_days")]),
    ]
    edit_handler = ObjectList(panels, base_form_class=QuestionForm)

    def get_queryset(self, request):
        return Question.objects.select_related("edition")
