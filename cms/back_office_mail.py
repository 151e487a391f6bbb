"""Mail that has not gone out, for staff: a mail server that is down delays it and loses none, and somebody sees so."""

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from post_office.models import STATUS, Email, Log

from cms import channels, mail
from cms.back_office import Question, ask
from cms.models import Message

AT_ONCE = 100
STATES = {STATUS.queued: "waiting", STATUS.requeued: "again", STATUS.failed: "failed"}


@require_safe
@permission_required("post_office.view_email", raise_exception=True)
def unsent(request):
    """Neither their text nor the links in it: who reads those acts for the person."""
    rows = Email.objects.filter(status__in=STATES)
    last = Log.objects.filter(email=OuterRef("pk")).order_by("-date", "-pk")
    shown = (
        rows.annotate(why=Subquery(last.values("message")[:1])).defer("message", "html_message").order_by("created", "pk")
    )
    counts = dict(rows.order_by().values_list("status").annotate(Count("pk")))
    messages = channels.unsent()
    context = {
        "short_messages": messages.defer("text")[:AT_ONCE],
        "message_counts": messages.aggregate(
            waiting=Count("pk", filter=Q(state=Message.State.WAITING)),
            failed=Count("pk", filter=Q(state=Message.State.FAILED)),
        ),
        "page": Paginator(shown, AT_ONCE).get_page(request.GET.get("p")),
        "counts": {name: counts.get(status, 0) for status, name in STATES.items()},
        "may_send": request.user.has_perm("post_office.change_email"),
    }
    return render(request, "cms/back_office/mail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("post_office.change_email", raise_exception=True)
def again(request):
    question = Question(
        title=_("Send again what failed"),
        text=_(
            "Every letter and short message that was given up is tried anew. Mend the mail server or the gateway first, or "
            "what is wrong with the address."
        ),
        button=_("Send again"),
        done=_("They are on their way."),
        icon="mail",
    )
    return ask(request, question, back="mail_unsent", act=lambda: _again(request.user))


@transaction.atomic
def _again(user):
    channels.send_again()
    mail.send_again(user=user)
