"""How allauth behaves here: nobody opens an account unasked."""

from allauth.account.adapter import DefaultAccountAdapter


class ClosedDoor(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        """Accounts come from an invitation or an organiser, never from a public form."""
        return False
