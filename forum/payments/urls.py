"""Orders, by signed link; no account."""

from django.urls import path

from forum.payments import views

app_name = "payments"
urlpatterns = [
    path("order/<str:token>/", views.order, name="order"),
    path("order/<str:token>/card/", views.card, name="card"),
    path("order/<str:token>/khqr/", views.khqr, name="khqr"),
    path("order/<str:token>/invoice/", views.invoice, name="invoice"),
    path("order/<str:token>/<str:number>.pdf", views.paper, name="paper"),
    path("<str:token>/pay/", views.begin, name="begin"),
]
