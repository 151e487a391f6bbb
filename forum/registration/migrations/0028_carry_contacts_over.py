from django.db import migrations
from django.db.models import F


def carry_over(apps, schema_editor):
    """Where a contact was named, the one address was theirs and all messages went there. Who is who does not change: the
    contact's address stands for a person who has none."""
    people = apps.get_model("registration", "Registration").objects
    with_contact = people.exclude(contact_name="").exclude(email="")
    with_contact.update(contact_email=F("email"), email="", receives="contact")


def carry_back(apps, schema_editor):
    """One address again. Who has their own keeps it and loses the contact, for whom there is no second place."""
    people = apps.get_model("registration", "Registration").objects
    people.exclude(contact_email="").exclude(email="").update(contact_name="", contact_email="", receives="person")
    people.exclude(contact_email="").update(email=F("contact_email"), contact_email="", receives="person")


class Migration(migrations.Migration):
    dependencies = [("registration", "0027_write_to_a_contact")]

    operations = [migrations.RunPython(carry_over, carry_back)]
