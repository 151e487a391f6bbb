from django.db import migrations


def key_admissions(apps, schema_editor):
    """Whoever was admitted before there were rules was so into the forum, once that day: ``SERIAL DAY  0``."""
    scans = apps.get_model("checkin", "Scan").objects.filter(refusal="", once_key=None)
    for scan in scans.select_related("badge").iterator(chunk_size=1000):
        scans.filter(pk=scan.pk).update(once_key=f"{scan.badge.serial} {scan.day.isoformat()}  0")


class Migration(migrations.Migration):

    dependencies = [("checkin", "0006_let_gates_admit_by_rules")]

    operations = [migrations.RunPython(key_admissions, migrations.RunPython.noop)]
