"""Every address of the site, by room."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.urls import serve_pattern
from wagtail.views import serve

from cms import errors
from cms.caching import public_page
from forum.home import views as home
from forum.home import well_known

urlpatterns = [
    path("", home.choose_language, name="root"),
    path("healthz", home.healthz, name="healthz"),
    path("robots.txt", well_known.robots, name="robots"),
    path("security.txt", well_known.to_security, name="security_short"),
    path(".well-known/security.txt", well_known.security, name="security"),
    path(".well-known/change-password", well_known.to_new_password, name="change_password"),
    path("metrics", home.metrics, name="metrics"),
    path("payments/", include("forum.payments.machine_urls")),
    path("media/<path:name>", home.public_media, name="media"),
    path("accounts/2fa/", include("forum.accounts.factor_urls")),  # before allauth's of the same names
    path("accounts/", include("allauth.urls")),
    path("cms/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),  # one door
    path("cms/failwhale/", errors.not_found),  # Wagtail's, which fails for whoever asks
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("onsite/device/", include("forum.desks.device_urls")),
    path("onsite/", include("forum.desks.onsite_urls")),
    path("verify/", include("forum.documents.urls")),
    path("demo/", include("forum.home.demo_urls")),
    path("", include("agenda.machine_urls")),
]

urlpatterns += i18n_patterns(
    re_path(
        r"^(?P<room>agenda|speakers|exhibition|register|agreements|search)/(?P<rest>.*)$",
        home.to_current_edition,
        name="short",
    ),
    path("editions/", home.editions, name="editions"),
    path("<slug:edition>/agenda/", include("agenda.urls")),
    path("<slug:edition>/speakers/", include("agenda.speaker_urls")),
    path("<slug:edition>/exhibition/", include("exhibitors.urls")),
    path("<slug:edition>/register/", include("forum.registration.urls")),
    path("<slug:edition>/agreements/", include("forum.mou.urls")),
    path("<slug:edition>/search/", home.search, name="search"),
    path("registration/", include("forum.payments.urls")),  # before the desks’: an order is no person’s link
    path("registration/", include("forum.desks.own_urls")),
    path("delegation/", include("forum.registration.place_link_urls")),
    path("invitation/personal/", include("forum.registration.personal_urls")),
    path("invitation/reply/", include("forum.registration.reply_urls")),
    path("desk/", include("forum.desks.urls")),
    path("", include("forum.accounts.urls")),
    path("<slug:edition>/", home.edition, name="edition"),
    re_path(serve_pattern, public_page(serve), name="wagtail_serve"),  # without Wagtail's own sign-in beside it
)

handler400 = "cms.errors.bad_request"
handler403 = "cms.errors.forbidden"
handler404 = "cms.errors.not_found"
handler429 = "cms.errors.too_many_requests"  # allauth's
handler500 = "cms.errors.server_error"
