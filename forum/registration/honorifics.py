"""Forms of address, each as it stands before a name in Khmer and in English."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Honorific(models.TextChoices):
    NONE = "", _("None")
    SAMDECH = "samdech", _("Samdech")
    EXCELLENCY = "excellency", _("His or Her Excellency")
    LOK_CHUMTEAV = "lok-chumteav", _("Lok Chumteav")
    OKNHA = "oknha", _("Oknha")
    VENERABLE = "venerable", _("Venerable")
    PROFESSOR = "professor", _("Professor")
    DOCTOR = "doctor", _("Doctor")
    MR = "mr", _("Mr")
    MRS = "mrs", _("Mrs")
    MS = "ms", _("Ms")


# How each is written before the name on a badge: (English, Khmer).
WRITTEN = {
    Honorific.NONE: ("", ""),
    Honorific.SAMDECH: ("Samdech", "សម្តេច"),
    Honorific.EXCELLENCY: ("H.E.", "ឯកឧត្តម"),
    Honorific.LOK_CHUMTEAV: ("H.E.", "លោកជំទាវ"),
    Honorific.OKNHA: ("Oknha", "ឧកញ៉ា"),
    Honorific.VENERABLE: ("Ven.", "ព្រះតេជគុណ"),
    Honorific.PROFESSOR: ("Prof.", "សាស្ត្រាចារ្យ"),
    Honorific.DOCTOR: ("Dr", "បណ្ឌិត"),
    Honorific.MR: ("Mr", "លោក"),
    Honorific.MRS: ("Mrs", "លោកស្រី"),
    Honorific.MS: ("Ms", "កញ្ញា"),
}


def written(honorific: str, language: str) -> str:
    """The form of address as it stands before a name; empty where there is none."""
    english, khmer = WRITTEN[Honorific(honorific)]
    return khmer if language == "km" else english
