"""Questions in a form, which of them hold, and keeping what was answered."""

from collections.abc import Iterable

from django import forms
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from forum.registration.models import Answer, PassType, Question, Registration
from forum.registration.question_fields import field_of

Answers = dict[Question, str | File]


class Answering(forms.Form):
    """Adds the questions to a form with a field ``pass_type``; ``cleaned_data["answers"]`` holds those that apply.

    ``answered`` are the answers that are there already: a file among them need not be sent again.
    """

    def __init__(self, *args, questions: Iterable[Question] = (), answered: dict[int, Answer] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.answered = answered or {}
        self.questions = _linked(questions)
        for question in self.questions:
            self.fields[question.field_name] = field = field_of(question)
            if before := self.answered.get(question.pk):
                self._fill(question, field, before)

    def _fill(self, question, field, before):
        if question.kind == Question.Kind.FILE:
            field.required = False
            field.help_text = " ".join([field.help_text, _("There is a file already; another one replaces it.")])
        else:
            several = question.kind == Question.Kind.CHOICES
            self.initial.setdefault(question.field_name, before.value.split() if several else before.value)

    def clean(self):
        data = super().clean()
        typed = {question: data.pop(question.field_name, None) for question in self.questions}
        data["answers"] = {}
        for question, value in typed.items():
            if applies(question, data.get("pass_type"), typed):
                if value or question.pk in self.answered:
                    data["answers"][question] = value
            else:
                self._errors.pop(question.field_name, None)
        if self._errors:
            self.ask_for_files_again()
        return data

    def ask_for_files_again(self) -> None:
        """A browser sends no file twice: where the form comes back, the reader is told so beside the field."""
        for question in self.questions:
            if self.files.get(question.field_name) and question.field_name not in self._errors:
                self.add_error(question.field_name, _("Please choose the file again."))


def _linked(questions) -> list[Question]:
    """In order, each with the question it follows as the same object; those that follow one no longer asked are left out."""
    by_pk = {question.pk: question for question in questions}
    for question in by_pk.values():
        if question.shown_after_id in by_pk:
            question.shown_after = by_pk[question.shown_after_id]
    return [question for question in by_pk.values() if question.shown_after_id is None or question.shown_after_id in by_pk]


def applies(question: Question, pass_type: PassType | None, typed: Answers) -> bool:
    """Whether a question is for this pass and follows from what was answered before it, all the way up."""
    seen = set()
    while question:
        if question in seen or not _is_for(question, pass_type):
            return False
        seen.add(question)
        before = question.shown_after if question.shown_after_id else None
        if before and not _matches(typed.get(before), question.shown_on):
            return False
        question = before
    return True


def _is_for(question, pass_type) -> bool:
    passes = question.passes.all()
    return not passes or pass_type in passes


def _matches(value, wanted: str) -> bool:
    if not value or not wanted:
        return bool(value)
    return wanted in value if isinstance(value, list) else value == wanted


def answers_of(registration: Registration, language: str) -> list[Answer]:
    """In the order of the form, each with ``written``."""
    answers = registration.answers.select_related("question").prefetch_related("question__choices")
    found = sorted(answers, key=lambda answer: (answer.question.position, answer.question_id))
    for answer in found:
        answer.written = answer.written_in(language)
    return found


@transaction.atomic(savepoint=False)
def keep(registration: Registration, answers: Answers, *, is_new: bool = False) -> bool:
    """Keeps exactly ``answers``; a file that was not sent again stays. Returns whether anything changed."""
    before = {} if is_new else {answer.question_id: answer for answer in registration.answers.all()}
    rows = [_row(registration, question, value) for question, value in answers.items() if value]
    staying = {question.pk for question, value in answers.items() if not value and question.kind == Question.Kind.FILE}
    same = {row.question_id for row in rows if _is_same(before.get(row.question_id), row)}
    gone = [answer for pk, answer in before.items() if pk not in staying | same]
    forget(gone)
    new = [row for row in rows if row.question_id not in same]
    Answer.objects.bulk_create(new)
    return bool(gone or new)


def _row(registration, question, value) -> Answer:
    if isinstance(value, File):
        return Answer(registration=registration, question=question, value=value.name.rpartition(".")[2].upper(), file=value)
    return Answer(registration=registration, question=question, value=" ".join(value) if isinstance(value, list) else value)


def _is_same(before, row) -> bool:
    return bool(before and not row.file and before.value == row.value)


def forget(answers: list[Answer]) -> None:
    """Deletes answers, and their files once that is certain."""
    files = [(answer.file.storage, answer.file.name) for answer in answers if answer.file]
    if answers:
        Answer.objects.filter(pk__in=[answer.pk for answer in answers]).delete()
    transaction.on_commit(lambda: [storage.delete(name) for storage, name in files])
