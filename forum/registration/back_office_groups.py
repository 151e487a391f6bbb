"""Acts upon a group of people at once, each asked for before it is done and written down for each person."""

from django import forms
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail import hooks
from wagtail.admin import messages
from wagtail.log_actions import log
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from cms import pdf
from cms.fields import Line
from forum.registration import back_office_filters, confirmation_letters, signup
from forum.registration.models import Registration

LIST = "wagtailsnippets_registration_registration:list"
MAY = "registration.change_registration"
AT_ONCE = 500  # people: each takes some hundredths of a second
LETTERS_AT_ONCE = 200


class GroupForm(forms.Form):
    """Holds how many people were asked about."""

    number = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    reason = Line(
        label=gettext_lazy("Reason"), max_length=200, help_text=gettext_lazy("It stands in the history; no name.")
    )  # fmt: skip


class GroupReasonForm(ReasonForm, GroupForm):
    """Why it is done to all of them."""


class GroupAct:
    """What is asked, of whom it is done, and how."""

    form_class = GroupForm
    most = AT_ONCE
    is_serious = False

    def whom(self, people):
        return people.live()


class Withdraw(GroupAct):
    title, button, icon = gettext_lazy("Withdraw people"), gettext_lazy("Withdraw them"), "cross"
    text = gettext_lazy(
        "The places go back, the badges are no longer valid, and each person is told by mail. People who have left already "
        "stay as they are."
    )
    form_class, is_serious = GroupReasonForm, True

    def act(self, request, people, reason):
        for person in people:
            signup.withdraw(registration=person, reason=reason, user=request.user, tells=True)
        messages.success(request, _("Withdrawn: %(people)s.") % {"people": back_office_filters.people_in_words(len(people))})


class SendLinks(GroupAct):
    title, button, icon = gettext_lazy("Send links again"), gettext_lazy("Send the links"), "mail"
    text = gettext_lazy(
        "Everybody gets the confirmation with the link to their own page once more, unless it went out just now."
    )

    def act(self, request, people):
        for person in people:
            signup.send_link(person)
            log(instance=person, action="registration.send_link", user=request.user)
        messages.success(
            request, _("On their way: links to %(people)s.") % {"people": back_office_filters.people_in_words(len(people))}
        )


class PrintLetters(GroupAct):
    title, button, icon = gettext_lazy("Print letters"), gettext_lazy("Print the letters"), "doc-full"
    text = gettext_lazy("One page for each person with a place, in both languages, with the code for the badge desk.")
    most = LETTERS_AT_ONCE

    def whom(self, people):
        return people.coming()

    def act(self, request, people):
        for person in people:
            log(instance=person, action="registration.letter", user=request.user)
        return pdf.answer(confirmation_letters.render(people), "letters.pdf")


ACTS = {"withdraw": Withdraw(), "send-links": SendLinks(), "letters": PrintLetters()}


@permission_required(MAY, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def act_on_group(request, act):
    """Asks about the group of the query, then does it to exactly as many people as were shown."""
    if act not in ACTS:
        raise Http404("no such act")
    chosen, to = ACTS[act], back(request)
    try:
        group = back_office_filters.of_query(request.GET)
    except ValidationError as refusal:
        messages.error(request, refusal.message)
        return redirect(LIST)
    people = chosen.whom(group.people)
    number = people.count()
    form = chosen.form_class(request.POST if request.method == "POST" else None, initial={"number": number})
    if form.is_valid():
        typed = form.cleaned_data | {}
        if refusal := _refusal(typed.pop("number"), number, chosen.most):
            form = chosen.form_class({**request.POST.dict(), "number": number})
            form.add_error(None, refusal)
        else:
            return chosen.act(request, list(people), **typed) or redirect(to)
    context = {"act": chosen, "group": group, "people": people[:10], "number": number, "form": form, "back": to}
    return render(request, "registration/back_office/group.html", context, status=422 if form.errors else 200)


def _refusal(shown: int, number: int, most: int) -> ValidationError | None:
    if not number:
        return ValidationError(_("There is nobody to whom this could be done."), "nobody")
    if shown != number:
        return ValidationError(_("The group has changed meanwhile. Look at it again."), "changed")
    if number > most:
        return ValidationError(_("At most %(number)d at once: narrow the list.") % {"number": most}, "many")
    return None


def back(request) -> str:
    """The list as it was filtered."""
    query = request.GET.copy()
    query.pop("id", None)
    address = reverse(LIST)
    return f"{address}?{query.urlencode()}" if query else address


class ForTicked(SnippetBulkAction):
    """A button beneath the list that leads to the page of an act, with the rows that are ticked; Wagtail's own way would
    take all rows there are for all rows of the filtered list."""

    permission = MAY
    aria_label = gettext_lazy("For the people ticked")

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm(self.permission):
            raise PermissionDenied("may not act upon people")
        query = request.GET.copy()
        query.pop("next", None)
        return redirect(f"{self.address()}?{query.urlencode()}")


def _button(act_name: str, words, priority: int, address, needed: str = MAY):
    names = {
        "display_name": words, "action_type": act_name, "action_priority": priority, "permission": needed,
        "models": [Registration], "address": staticmethod(address),
    }  # fmt: skip
    return type("ForTicked", (ForTicked,), names)


BUTTONS = []


def register(act_name, words, priority, address, needed=MAY):
    """Offers an act beneath the list, for those ticked, and above it, for all whom it shows."""
    BUTTONS.append(_button(act_name, words, priority, address, needed))
    hooks.register("register_bulk_action", BUTTONS[-1])


def address_of(act: str) -> str:
    return reverse("registration_group", args=[act])


def buttons(user) -> list[tuple[str, str]]:
    """What this user may do to everybody whom the list shows: (address, words)."""
    return [(button.address(), button.display_name) for button in BUTTONS if user.has_perm(button.permission)]


for number, (name, act) in enumerate(ACTS.items()):
    register(name.replace("-", "_"), act.title, 50 + number, lambda name=name: address_of(name))
