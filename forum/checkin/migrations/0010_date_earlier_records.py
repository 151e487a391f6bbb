from django.db import migrations
from django.db.models import F


def date_as_scanned(apps, schema_editor):
    """What was scanned before there were devices was recorded at that moment."""
    apps.get_model("checkin", "Scan").objects.update(recorded_at=F("scanned_at"))


class Migration(migrations.Migration):

    dependencies = [("checkin", "0009_keep_what_devices_decided")]

    operations = [migrations.RunPython(date_as_scanned, migrations.RunPython.noop)]
