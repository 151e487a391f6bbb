from django.db import migrations

from forum.registration.models.people import key_of_name, key_of_khmer_name, sound_of_name

AT_ONCE = 1_000


def write_keys(apps, schema_editor):
    rows = apps.get_model("registration", "Registration").objects.filter(name_key="")
    while batch := list(rows.order_by("pk")[:AT_ONCE]):
        for row in batch:
            row.name_key = key_of_name(row.name_latin)[:400] or "-"
            row.khmer_key = key_of_khmer_name(row.name_km)[:400]
            row.sound_key = sound_of_name(row.name_latin)[:400]
        rows.model.objects.bulk_update(batch, ["name_key", "khmer_key", "sound_key"])


class Migration(migrations.Migration):
    dependencies = [("registration", "0009_let_agencies_send_delegations")]

    operations = [migrations.RunPython(write_keys, migrations.RunPython.noop)]
