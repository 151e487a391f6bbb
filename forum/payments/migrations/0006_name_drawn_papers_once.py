from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("payments", "0005_carry_drawn_papers_over"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="paper",
            name="file",
        ),
    ]
