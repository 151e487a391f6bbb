"""How an act says no."""

from django.core.exceptions import ValidationError


def beside(field: str, sentence, code: str) -> ValidationError:
    """A refusal that stands beside ``field`` in the form; Django drops the code of a plain dictionary."""
    return ValidationError({field: ValidationError(sentence, code=code)})


def code_of(refusal: ValidationError) -> str:
    """The code of a refusal, also of one that stands beside a field."""
    return ValidationError([refusal]).error_list[0].code
