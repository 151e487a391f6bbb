"""What an exhibitor shows at an edition: the themes it chooses and its products. The programme names who hosts a session."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.dates import digits
from cms.models import Edition
from exhibitors import profiles
from exhibitors.models import Agency, ChosenTheme, Product, Theme
from exhibitors.models.shown import PRODUCTS, THEMES
from exhibitors.representing import on_behalf


@transaction.atomic
def choose_themes(*, agency: Agency, edition: Edition, user, themes: Sequence[Theme]) -> list[Theme]:
    """The themes under which visitors find the agency, in this order; those chosen before are forgotten.

    Refuses with ``forbidden``, ``over``, ``many`` and ``other_edition``.
    """
    agency = profiles.managed(agency, user, edition)
    _refuse_after(edition)
    themes = list(dict.fromkeys(themes))
    if len(themes) > THEMES:
        raise ValidationError(_("Choose %(number)s themes at most.") % {"number": digits(str(THEMES))}, code="many")
    if any(theme.edition_id != edition.pk for theme in themes):
        raise ValidationError(_("A theme belongs to another forum."), code="other_edition")
    before = list(ChosenTheme.objects.filter(agency=agency, edition=edition).values_list("theme", flat=True))
    if before == [theme.pk for theme in themes]:
        return themes
    ChosenTheme.objects.filter(agency=agency, edition=edition).delete()
    for place, theme in enumerate(themes, 1):
        ChosenTheme.objects.create(agency=agency, edition=edition, theme=theme, place=place)
    data = {"themes": [theme.code for theme in themes]} | on_behalf(user, agency, edition)
    log(instance=agency, action="exhibitors.choose_themes", user=user, data=data)
    return themes


@transaction.atomic
def keep_product(*, agency: Agency, edition: Edition, user, product: Product | None = None, **words) -> Product:
    """Keeps a new product, or what is now said of ``product``; ``words`` are its columns.

    Refuses with ``forbidden``, ``over``, ``many`` and ``gone`` (a colleague has removed it meanwhile).
    """
    agency = profiles.managed(agency, user, edition)
    _refuse_after(edition)
    row = _present(agency, edition, product) if product else Product(agency=agency, edition=edition)
    row.place = row.place or _free_place(agency, edition)
    for name, value in words.items():
        setattr(row, name, value)
    row.save()
    data = {"product": row.code} | on_behalf(user, agency, edition)
    log(instance=agency, action="exhibitors.keep_product", user=user, data=data)
    return row


@transaction.atomic
def remove_product(*, product: Product, user) -> None:
    """Refuses with ``forbidden``, ``over`` and ``gone``."""
    agency = profiles.managed(product.agency, user, product.edition)
    _refuse_after(product.edition)
    _present(agency, product.edition, product).delete()
    data = {"product": product.code} | on_behalf(user, agency, product.edition)
    log(instance=agency, action="exhibitors.remove_product", user=user, data=data)


def _present(agency, edition, product):
    row = Product.objects.filter(pk=product.pk, agency=agency, edition=edition).first()
    if row is None:
        raise ValidationError(_("A colleague has removed this product meanwhile."), code="gone")
    return row


def _free_place(agency, edition) -> int:
    taken = set(Product.objects.filter(agency=agency, edition=edition).values_list("place", flat=True))
    free = (place for place in range(1, PRODUCTS + 1) if place not in taken)
    if place := next(free, None):
        return place
    sentence = _("You show %(number)s products already; remove one first.") % {"number": digits(str(PRODUCTS))}
    raise ValidationError(sentence, code="many")


def _refuse_after(edition):
    if edition.is_over:
        raise ValidationError(_("This forum is over; what was shown there stays as it was."), code="over")
