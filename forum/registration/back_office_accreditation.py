"""Accreditation in the back office: shown to security and to those who complete it for others, and to nobody else."""

from django import forms
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q
from django.http import FileResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from cms import back_office
from cms.back_office import ask
from cms.privacy import personal
from forum.registration import accrediting, photos, security_lists
from forum.registration.accreditation_forms import AccreditationForm
from forum.registration.back_office import RegistrationViewSet
from forum.registration.models import ENDED, Accreditation, PassType, Registration


@personal
@permission_required("registration.change_accreditation", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def accredit(request, pk):
    """For people who have no way to do it on their own page."""
    registration = get_object_or_404(Registration.objects.live().with_names(), pk=pk)
    typed = (request.POST, request.FILES) if request.method == "POST" else ()
    form = AccreditationForm(*typed, registration=registration, given=accrediting.of(registration))
    kept = (reverse("registration_photo", args=[pk]), _("The photo as it stands on the badge"))
    question = back_office.Question(
        title=_("For clearance: %(code)s") % {"code": registration.short_code},
        text=registration.name_latin,
        link=kept if form.has_photo else (),
        button=_("Keep this"),
        done=_("It is kept."),
        icon="lock",
    )
    sees_list = request.user.has_perm("registration.view_registration")
    back = RegistrationViewSet().get_url_name("list") if sees_list else "registration_approvals"
    return ask(
        request,
        question,
        back=back,
        form=form,
        act=lambda **given: accrediting.give(registration=registration, user=request.user, **given),
    )


@personal
@require_safe
def photo(request, pk):
    if not any(map(request.user.has_perm, ("registration.clear_registration", "registration.change_accreditation"))):
        raise PermissionDenied("sees no accreditation")
    return photos.answer(accrediting.photo_of(get_object_or_404(Registration, pk=pk)))


class SecurityListForm(forms.Form):
    pass_type = forms.ModelChoiceField(PassType.objects.none(), label=gettext_lazy("Pass"))
    with_photos = forms.BooleanField(label=gettext_lazy("With the photos, as a ZIP file"), required=False)

    def __init__(self, *args, passes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pass_type"].queryset = passes


@personal
@permission_required("registration.clear_registration", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def security_list(request):
    """How far each pass that needs clearance is; a button takes its list out, which the history tells."""
    passes = (
        PassType.objects.filter(needs_security=True).select_related("edition").order_by("-edition__opens_on", "position")
    )
    form = SecurityListForm(request.POST if request.method == "POST" else None, passes=passes)
    if form.is_valid():
        pass_type, with_photos = form.cleaned_data["pass_type"], form.cleaned_data["with_photos"]
        list_file = security_lists.take_out(pass_type=pass_type, with_photos=with_photos, user=request.user)
        ending = "zip" if with_photos else "xlsx"
        return FileResponse(list_file, as_attachment=True, filename=f"{security_lists.file_name(pass_type)}.{ending}")
    context = {"passes": _counted(passes), "form": form}
    return render(request, "registration/back_office/security_list.html", context, status=422 if form.errors else 200)


def _counted(passes):
    """Each with ``people`` who have not left, and ``complete``, those of whom nothing is missing."""
    whole = Accreditation.objects.filter(pk=OuterRef("registrations__pk")).exclude(photo="").exclude(document_number="")
    live = ~Q(registrations__state__in=ENDED)
    return passes.annotate(
        people=Count("registrations", filter=live), complete=Count("registrations", filter=live & Exists(whole))
    )
