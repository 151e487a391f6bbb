"""What is searched holds the name of an aide or secretary too. Rows written before get it here."""

from django.db import migrations

from cms import khmer

AT_ONCE = 1_000


def add_contacts(apps, schema_editor):
    for name in ("Registration", "Guest", "PersonalInvitation"):
        rows = apps.get_model("registration", name).objects
        last = 0
        while batch := list(rows.filter(pk__gt=last).exclude(contact_name="").order_by("pk")[:AT_ONCE]):
            for row in batch:
                row.search_text = khmer.fold(f"{row.search_text} {row.contact_name}")
            rows.bulk_update(batch, ["search_text"])
            last = batch[-1].pk


class Migration(migrations.Migration):
    dependencies = [("registration", "0033_name_columns_for_readers_of_khmer")]

    operations = [migrations.RunPython(add_contacts, migrations.RunPython.noop)]
