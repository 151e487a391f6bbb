"""Registrations as rows of a spreadsheet, with a column for each question."""

from django.db.models import Aggregate, JSONField, OuterRef, QuerySet, Subquery

from forum.registration.models import Answer, Question, Registration


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

    @property
    def headings(self) -> dict[str, str]:
        return {code: question.label_en for code, question in self.questions.items()}

    def cells(self, registration: Registration) -> dict[str, str]:
        written = registration.written or {}
        return {
            code: question.written(written[code], "en") if code in written else ""
            for code, question in self.questions.items()
        }


class Streamed:
    """A query read row by row, so that its length takes no memory; for what asks of a query its model and its rows."""

    def __init__(self, rows: QuerySet):
        self.rows, self.model = rows, rows.model

    def __iter__(self):
        return self.rows.iterator(chunk_size=1000)
