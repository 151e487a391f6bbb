from django.db import migrations, models

import cms.codes


def name(apps, schema_editor):
    for edition in apps.get_model("cms", "Edition").objects.filter(code=None):
        edition.code = cms.codes.six()
        edition.save(update_fields=["code"])


class Migration(migrations.Migration):

    dependencies = [
        ("cms", "0008_keep_short_messages"),
    ]

    operations = [
        migrations.AddField(
            model_name="edition",
            name="code",
            field=models.CharField(default=None, editable=False, max_length=6, null=True),
        ),
        migrations.RunPython(name, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="edition",
            name="code",
            field=models.CharField(default=cms.codes.six, editable=False, max_length=6, unique=True),
        ),
    ]
