from django.db import migrations, models

import cms.codes


def name(apps, schema_editor):
    for each in apps.get_model("registration", "PassType").objects.filter(code=None):
        each.code = cms.codes.six()
        each.save(update_fields=["code"])


class Migration(migrations.Migration):

    dependencies = [
        ("registration", "0023_merge_registrations_of_one_person"),
    ]

    operations = [
        migrations.AddField(
            model_name="passtype",
            name="code",
            field=models.CharField(default=None, editable=False, max_length=6, null=True),
        ),
        migrations.RunPython(name, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="passtype",
            name="code",
            field=models.CharField(default=cms.codes.six, editable=False, max_length=6, unique=True),
        ),
    ]
