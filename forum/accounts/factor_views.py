"""Setting up a second factor; whatever else one does with it, allauth's own pages do."""

from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView

from forum.accounts import factors


class ShownAtOnce:
    """Whoever sets up a factor has shown it, so it counts for this session; asking at once again would annoy."""

    def form_valid(self, form):
        response = super().form_valid(form)
        own = Authenticator.objects.filter(user=self.request.user, type__in=factors.FACTORS)
        post_authentication(self.request, own.latest("pk"))
        self.request.session.cycle_key()
        return response


class SetUpApp(ShownAtOnce, ActivateTOTPView):
    pass


class AddPasskey(ShownAtOnce, AddWebAuthnView):
    pass
