"""What only the demonstration shows: the mail that would have been sent."""

from django.urls import path

from forum.home import demo

app_name = "demo"
urlpatterns = [
    path("mail/", demo.mail, name="mail"),
    path("mail/<int:pk>/", demo.letter, name="letter"),
    path("mail/<int:pk>/<str:name>", demo.attachment, name="attachment"),
]
