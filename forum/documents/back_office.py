"""Issued documents in the back office; ``forum.desks`` puts them into its menu."""

from django import forms
from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from wagtail.admin.ui.tables import Column

from cms import pdf
from cms.back_office import InspectLocally, Question, ReadOnly, ask
from cms.privacy import personal
from forum.documents import issuing
from forum.documents.models import IssuedDocument


class InspectDocument(InspectLocally):
    def get_object(self, queryset=None):
        return get_object_or_404(IssuedDocument.objects.of_people(), pk=super().get_object(queryset).pk)


class IssuedDocumentViewSet(ReadOnly):
    model = IssuedDocument
    icon = "doc-full"
    menu_label = gettext_lazy("Issued documents")
    list_display = [
        "written_code", "kind", "number", "holder_en", Column("state_label", label=gettext_lazy("State")), "issued_at",
    ]  # fmt: skip
    list_filter = ["edition", "kind"]
    list_export = ["code", "kind", "number", "holder_en", "holder_km", "state", "sha256", "issued_at"]
    search_fields = ["code", "number", "holder_en", "holder_km"]
    inspect_view_class = InspectDocument
    inspect_view_fields_exclude = [*ReadOnly.inspect_view_fields_exclude, "says", "file"]
    list_per_page = 50

    def get_queryset(self, request):
        return IssuedDocument.objects.of_people().select_related("edition", "issued_by")


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=200,
        help_text=gettext_lazy("It stands in the history; strangers do not read it."),
    )


@permission_required("documents.revoke_issueddocument", raise_exception=True)
def revoke(request, pk):
    document = get_object_or_404(IssuedDocument.objects.of_people().filter(revoked_at=None), pk=pk)
    back = "wagtailsnippets_documents_issueddocument:list"
    question = Question(
        title=_("Revoke a paper"),
        text=_(
            "Whoever checks the paper reads from now on that it no longer holds. "
            "This cannot be undone; a new paper can be issued."
        ),
        button=_("Revoke"),
        done=_("The paper is revoked."),
        icon="cross",
        is_serious=True,
    )

    def act(reason):
        issuing.revoke(document=document, reason=reason, user=request.user)

    return ask(request, question, back=back, act=act, form=ReasonForm(request.POST if request.method == "POST" else None))


@personal
@require_safe
@permission_required("documents.view_issueddocument", raise_exception=True)
def file(request, pk):
    document = get_object_or_404(IssuedDocument.objects.of_people(), pk=pk)
    if not document.file:
        raise Http404("its bytes are gone")
    return pdf.answer(document.read(), f"{document.kind}-{document.code}.pdf")
