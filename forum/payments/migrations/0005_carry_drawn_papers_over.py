import hashlib

from django.db import migrations

LETTERS = {"invoice": "INV", "receipt": "REC", "credit": "CRN"}


def carry_over(apps, schema_editor):
    """What was drawn stays as it is, byte by byte; it carries no code, and can be compared by its digest alone."""
    Document = apps.get_model("documents", "IssuedDocument")
    for paper in apps.get_model("payments", "Paper").objects.exclude(file="").select_related("edition"):
        with paper.file.open() as file:
            content = file.read()
        document = Document.objects.create(
            edition=paper.edition,
            kind=paper.kind,
            number=f"{paper.edition.slug.upper()}-{LETTERS[paper.kind]}-{paper.number:05}",
            holder_en=paper.facts["bill_to_name"][:200],
            sha256=hashlib.sha256(content).hexdigest(),
            file=paper.file.name,
        )
        Document.objects.filter(pk=document.pk).update(issued_at=paper.issued_at)
        paper.document = document
        paper.save(update_fields=["document"])


class Migration(migrations.Migration):

    dependencies = [
        ("payments", "0004_keep_papers_with_all_issued_documents"),
    ]

    operations = [
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
