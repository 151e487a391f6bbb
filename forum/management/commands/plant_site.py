"""Plants the tree of pages."""

from django.core.management.base import BaseCommand

from cms.models import Edition
from forum.home import tree


class Command(BaseCommand):
    help = "Make the home page in both languages and a page for every edition; safe to repeat."

    def handle(self, **options):
        tree.plant()
        for edition in Edition.objects.all():
            tree.open_edition(edition)
