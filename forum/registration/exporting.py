"""Registrations as rows of a spreadsheet, with a column for each question."""

from functools import lru_cache

from django.db.models import Aggregate, JSONField, OuterRef, QuerySet, Subquery

from forum.registration.models import Answer, PassType, Question, Registration


class ObjectOf(Aggregate):
    """Two columns of many rows as one JSON object."""

    function = "json_group_object"
    output_field = JSONField()
    arity = 2

    def as_postgresql(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, function="jsonb_object_agg", **extra)


def with_answers(registrations: QuerySet) -> QuerySet:
    """Each with ``written``, its answers by the code of the question: in the same query, however many rows there are."""
    answers = Answer.objects.filter(registration=OuterRef("pk")).order_by().values("registration")
    return registrations.annotate(written=Subquery(answers.annotate(all=ObjectOf("question__code", "value")).values("all")))


class Columns:
    """The questions of the editions in hand, and how an answer to each is written in a cell."""

    def __init__(self, questions: list[Question]):
        self.questions = {question.code: question for question in questions}
        self._written = lru_cache(maxsize=1000)(lambda code, value: self.questions[code].written(value, "en"))

    @property
    def headings(self) -> dict[str, str]:
        return {code: question.label_en for code, question in self.questions.items()}

    def cells(self, registration: Registration) -> dict[str, str]:
        written = registration.written or {}
        return {code: self._written(code, written[code]) if code in written else "" for code in self.questions}


class Streamed:
    """Registrations read one by one, so that their number takes no memory; passes, of which there are few, once for all."""

    def __init__(self, registrations: QuerySet):
        self.rows, self.model = registrations.select_related(None).select_related("agency"), registrations.model

    def count(self) -> int:
        return self.rows.count()

    def __iter__(self):
        passes = {pass_type.pk: pass_type for pass_type in PassType.objects.select_related("edition")}
        for registration in self.rows.iterator(chunk_size=1000):
            registration.pass_type = passes[registration.pass_type_id]
            registration.edition = registration.pass_type.edition
            yield registration
