from django.db import migrations, models

import cms.codes

MODELS = ("extra", "package")


def name(apps, schema_editor):
    for model in MODELS:
        for each in apps.get_model("exhibitors", model).objects.filter(code=None):
            each.code = cms.codes.six()
            each.save(update_fields=["code"])


class Migration(migrations.Migration):

    dependencies = [
        ("exhibitors", "0021_grant_what_comes_with_packages"),
    ]

    operations = [
        *(
            migrations.AddField(model, "code", models.CharField(default=None, editable=False, max_length=6, null=True))
            for model in MODELS
        ),
        migrations.RunPython(name, migrations.RunPython.noop),
        *(
            migrations.AlterField(
                model, "code", models.CharField(default=cms.codes.six, editable=False, max_length=6, unique=True)
            )
            for model in MODELS
        ),
    ]
