"""Loads the archive of 2024 and the demonstration forum."""

import time

from django.core.management.base import BaseCommand, CommandError

from cms.models import Edition
from forum.home import tree
from forum.home.demonstration import (
    agencies,
    applications,
    delegations,
    edition_2024,
    exhibits,
    guests,
    halls,
    layouts,
    letters,
    money,
    next_edition,
    pages,
    pavilions,
    people,
    privacy,
    programme,
    questions,
    readiness,
    staff,
)

# What each part of the demonstration is, what tells that it is there, and the act that makes it.
PARTS = [
    ("programme: rooms, tracks, speakers, sessions", "sessions", programme.load),
    ("exhibition: halls, booths, bookings", "halls", halls.load),
    ("exhibition: a hall to apply for, applications", "applications", applications.load),
    ("exhibition: themes, exhibitors with products", "themes", exhibits.load),
    ("exhibition: a pavilion", "pavilions", pavilions.load),
    ("exhibition: a request for an account", "account_requests", pavilions.ask),
    ("exhibition: documents to send", "required_documents", readiness.load),
    ("people: passes, gates, registrations", "pass_types", people.load),
    ("questions: zones, codes, questions, answers", "questions", questions.load),
    ("badges: two layouts", "badge_layouts", layouts.load),
    ("money: a pass with a price, orders, a bank line", "orders", money.load),
    ("delegations: places, people", "delegations", delegations.load),
    ("guests: a list, letters, replies", "guest_lists", guests.load),
    ("letters: circulars, personal invitations, somebody registered twice", "circulars", letters.load),
    # Last: from then on who registers is asked.
    ("privacy: a notice in force, who agreed", "privacy_notices", privacy.load),
]


class Command(BaseCommand):
    help = "Load the archive of 2024 and the demonstration forum; safe to repeat, it changes nothing that is there."

    def handle(self, *, verbosity, **options):
        self.is_quiet = not verbosity
        self._refuse_a_real_forum()
        self._do("pages: home in both languages", tree.plant)
        self._do("agencies", agencies.load)
        if not Edition.objects.filter(slug=edition_2024.SLUG).exists():
            self._do("archive of 2024", edition_2024.load)
        self._load_next()
        self._do("sign-ins and roles", staff.load)
        self._tell_sign_ins()

    def _refuse_a_real_forum(self):
        for edition in Edition.objects.filter(is_demonstration=False):
            if edition.is_current or edition.slug == next_edition.SLUG:
                raise CommandError(f"Here is a real forum ({edition.slug}): the demonstration stays out.")

    def _load_next(self):
        edition = next_edition.find() or self._do("demonstration forum", next_edition.load)
        for words, related_name, load in PARTS:
            if not getattr(edition, related_name).exists():
                self._do(words, load, edition)
        if not pages.are_there(edition):
            self._do("pages of text", pages.load, edition)

    def _do(self, words, act, *arguments):
        begun = time.monotonic()
        made = act(*arguments)
        self._say(f"{words}: {time.monotonic() - begun:.1f} s")
        return made

    def _tell_sign_ins(self):
        for row in staff.sign_ins():
            self._say(f"{row.email:26} {row.password}  {row.address:10} {row.what}")

    def _say(self, words):
        if not self.is_quiet:
            self.stdout.write(words)
