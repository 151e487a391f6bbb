import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("documents", "0001_issue_documents"),
        ("payments", "0003_keep_which_khqr_codes_were_shown"),
    ]

    operations = [
        migrations.AddField(
            model_name="paper",
            name="document",
            field=models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="paper", to="documents.issueddocument", verbose_name="document"),
        ),
    ]
