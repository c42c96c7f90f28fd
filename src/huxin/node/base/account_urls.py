"""Sign-in, password, second factor, passkeys and sessions: pages of the login library, chosen singly.

What is not listed does not exist here: nobody signs up alone, and there is no e-mail to reset
a password by: a desk gives residents a slip (`resets`), the operator resets accounts of staff.
"""

from __future__ import annotations

from allauth.account import views as account
from django.urls import include, path

__all__ = ["urlpatterns"]

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", account.password_change, name="account_change_password"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]
