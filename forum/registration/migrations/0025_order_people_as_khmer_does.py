from django.db import migrations, models

from cms import khmer

AT_ONCE = 1_000


def write_keys(apps, schema_editor):
    rows = apps.get_model("registration", "Registration").objects.filter(sort_key_km="")
    while batch := list(rows.order_by("pk")[:AT_ONCE]):
        for row in batch:
            row.sort_key_km = khmer.sort_key(row.name_km or row.name_latin) or "0"
        rows.model.objects.bulk_update(batch, ["sort_key_km"])


class Migration(migrations.Migration):
    dependencies = [("registration", "0024_name_passes_by_code")]

    operations = [
        migrations.AddField(
            model_name="registration",
            name="sort_key_km",
            field=models.CharField(default="", editable=False, max_length=400),
        ),
        migrations.RunPython(write_keys, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(fields=["edition", "sort_key_km"], name="registration_in_khmer_order"),
        ),
    ]
