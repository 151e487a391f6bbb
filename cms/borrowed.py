"""Sentences of other packages that attendees and exhibitors meet and that those packages do not have in Khmer.

Named here so that they stay in our catalogue; nothing imports this.
"""

from django.utils.translation import gettext_noop as _

SENTENCES = [
    # Django's forms
    _("Enter a valid email address."),
    _("Enter a valid date."),
    _("Enter a valid URL."),
    _("Enter a whole number."),
    _("Enter a valid value."),
    _("Null characters are not allowed."),
    _("Select a valid choice. %(value)s is not one of the available choices."),
    _("Select a valid choice. That choice is not one of the available choices."),
    _("The two password fields didn’t match."),
    _("This password is too common."),
    _("This password is entirely numeric."),
    _("The password is too similar to the %(verbose_name)s."),
    _("Your password can’t be a commonly used password."),
    _("Your password can’t be entirely numeric."),
    _("Your password can’t be too similar to your other personal information."),
    # django-allauth's door
    _("Email"),
    _("Email address"),
    _("Password"),
    _("Current Password"),
    _("New Password"),
    _("New Password (again)"),
    _("Remember Me"),
    _("Forgot your password?"),
    _("The email address and/or password you specified are not correct."),
    _("Too many failed login attempts. Try again later."),
    _("This account is currently inactive."),
    _("Please type your current password."),
    _("You must type the same password each time."),
]
