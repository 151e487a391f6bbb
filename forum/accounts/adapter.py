"""How allauth behaves here: nobody opens an account unasked, and its letters go the way of all others."""

from allauth.account.adapter import DefaultAccountAdapter

from cms import languages, mail


class ClosedDoor(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        """Accounts come from an invitation or an organiser, never from a public form."""
        return False

    def send_mail(self, template_prefix, email, context):
        """Queues ``accounts/mail/<name>.txt`` in the language kept with the person."""
        name = template_prefix.rpartition("/")[2]
        user = context.get("user")
        language = user.language if user else languages.current()
        mail.queue(template=f"accounts/mail/{name}", context=context, to=[email], language=language)
