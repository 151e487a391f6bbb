"""What a page may load and run: nothing inline anywhere; see ``docs/decisions/the-back-office-runs-no-inline-script.md``."""

from csp.constants import HEADER, NONCE, SELF
from csp.middleware import CSPMiddleware
from django.urls import reverse

from cms import policy

SANDBOX = "sandbox; default-src 'none'"


def sandboxed(response):
    """A file that somebody sent us: a browser that shows it after all lets it load and run nothing."""
    response[HEADER] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    return response


class ContentSecurityPolicy(CSPMiddleware):
    """The strict policy of the settings; the back office's own scripts may besides make style elements, and its
    previews stand in frames of its own."""

    def process_response(self, request, response):
        response.setdefault(policy.HEADER, policy.NOTHING)
        if _is_back_office(request) and response.get(HEADER) != SANDBOX:
            del response[HEADER]  # a preview brings along the policy of the page it shows
        return super().process_response(request, response)

    def get_policy_parts(self, request, response, report_only=False):
        parts = super().get_policy_parts(request, response, report_only)
        if _is_back_office(request):
            parts.replace = {"style-src": [SELF, NONCE], "frame-ancestors": [SELF]}
        return parts


def _is_back_office(request) -> bool:
    return request.path_info.startswith(reverse("wagtailadmin_home"))
