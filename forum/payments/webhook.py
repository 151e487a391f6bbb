"""Messages of the card provider: signed, and no more than a hint."""

from django.http import HttpResponse, HttpResponseBadRequest, RawPostDataException
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from forum.payments import card_client, cards


@csrf_exempt
@require_POST
def stripe(request):
    """400 to what is not signed rightly and lately, and to all where there are no keys. 503 where the provider cannot be
    asked and nothing remembers to: it then sends the message again."""
    if not card_client.is_on():
        return HttpResponseBadRequest()
    try:
        kind, about = card_client.read_event(request.body, request.headers.get("Stripe-Signature", ""))
    except (ValueError, RawPostDataException):
        return HttpResponseBadRequest()
    try:
        cards.hear(kind, about)
    except card_client.Unreachable:
        return HttpResponse(status=503)
    return HttpResponse()
