"""Registrations as rows of a spreadsheet, with a column for each question."""

from collections.abc import Callable, Iterator
from functools import lru_cache, partial

from django.db.models import Aggregate, JSONField, Model, OuterRef, QuerySet, Subquery
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from cms import languages
from exhibitors.models import Agency
from forum.registration import honorifics
from forum.registration.honorifics import Form
from forum.registration.models import Answer, PassType, Question, Registration

COLUMNS = [
    "code", "edition", "state", "honorific", "name_latin", "name_km", "position", "protocol_rank", "agency", "agency_name",
    "email", "phone", "contact_name", "contact_role", "contact_email", "contact_phone", "contact_language", "receives",
    "pass_type", "language", "coming", "registered_at",
]  # fmt: skip
AT_ONCE = 2_000  # rows read from the database
UNNAMED = {"agency": gettext_lazy("Agency")}


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


def headings(questions: list[Question]) -> list[str]:
    columns = [str(UNNAMED.get(name, Registration._meta.get_field(name).verbose_name)) for name in COLUMNS]
    return [capfirst(name) for name in columns] + [question.label for question in questions]


def rows(registrations: QuerySet, questions: list[Question]) -> Iterator[list]:
    """The cells of each person, read in blocks: three queries for any number, and no more memory for many than for few.
    They are in the language of now, not of then when they are sent."""
    language = languages.current()
    answers = [(question.code, _reader(question, language)) for question in questions]
    return _written(registrations, _writers(language), answers)


def _written(registrations, writers, answers):
    columns = with_answers(registrations).values_list(*COLUMNS, "written")
    for *values, written in columns.iterator(chunk_size=AT_ONCE):
        row = [write(value) if write else value for write, value in zip(writers, values, strict=True)]
        written = written or {}
        yield row + [read(written[code]) if code in written else "" for code, read in answers]


def _writers(language: str) -> list[Callable | None]:
    """How the value of each column is written; None: as it is."""
    named = {
        "edition": dict(Registration._meta.get_field("edition").related_model.objects.values_list("pk", "slug")),
        "pass_type": _names(PassType, language),
        "agency": _names(Agency, language),
    }
    for name in COLUMNS:
        if choices := Registration._meta.get_field(name).flatchoices:
            named[name] = {value: str(label) if value else "" for value, label in choices}
    writers = {name: _named(names) for name, names in named.items()} | {"honorific": partial(_address, language)}
    return [writers.get(name) for name in COLUMNS]


@lru_cache(maxsize=256)
def _address(language: str, codes: str) -> str:
    return honorifics.written(codes, language, Form.LETTER)


def _names(model: type[Model], language: str) -> dict[int, str]:
    return {row.pk: languages.read(row, "name", language)[0] for row in model.objects.only("name_en", "name_km")}


def _named(names: dict) -> Callable:
    return lambda value: names.get(value, value)


def _reader(question: Question, language: str) -> Callable[[str], str]:
    return lru_cache(maxsize=1000)(lambda value: question.written(value, language))
