"""Editions that are there already begin with the list of the file too."""

from django.db import migrations

from cms.models import starting_countries


def begin(apps, schema_editor):
    edition_model, country_model = apps.get_model("cms", "Edition"), apps.get_model("cms", "Country")
    for edition in edition_model.objects.filter(countries=None):
        country_model.objects.bulk_create(country_model(edition=edition, **row) for row in starting_countries().values())


class Migration(migrations.Migration):
    dependencies = [("cms", "0005_keep_the_names_of_countries")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
