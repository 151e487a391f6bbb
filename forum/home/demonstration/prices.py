"""A price list by zone and kind, extras and packages; amounts are made up, in cents."""

import datetime

from django.db import transaction

from cms.models import Edition
from exhibitors.models import Extra, Package, Price, PriceList, Zone
from forum.home.demonstration.files import read_json

EARLY = datetime.timedelta(days=21)


@transaction.atomic
def load(edition: Edition) -> None:
    facts = read_json("prices.json")
    price_list = PriceList.objects.create(edition=edition, early_until=edition.today + EARLY, **facts["list"])
    zones = {zone.name_en: zone for zone in Zone.objects.filter(hall__edition=edition)}
    for row in facts["prices"]:
        zone = zones[row.pop("zone")] if "zone" in row else None
        Price.objects.create(price_list=price_list, zone=zone, **row)
    last = edition.opens_on - datetime.timedelta(days=7)
    for row in facts["extras"]:
        Extra.objects.create(price_list=price_list, order_until=last, **row)
    for row in facts["packages"]:
        zone = zones[row.pop("zone")] if "zone" in row else None
        Package.objects.create(price_list=price_list, zone=zone, **row)
