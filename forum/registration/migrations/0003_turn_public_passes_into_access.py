from django.db import migrations


def forwards(apps, schema_editor):
    apps.get_model("registration", "PassType").objects.filter(is_public=False).update(access="invitation")


def backwards(apps, schema_editor):
    passes = apps.get_model("registration", "PassType").objects
    passes.exclude(access="public").update(is_public=False)


class Migration(migrations.Migration):
    dependencies = [("registration", "0002_say_who_may_choose_a_pass_and_when")]

    operations = [migrations.RunPython(forwards, backwards)]
