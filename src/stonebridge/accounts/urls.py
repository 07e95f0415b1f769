"""The addresses of sign-in and of one's own account, under the names that allauth knows them by.

Only what is used is there: no signing up, no address to change, no password by e-mail.
"""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from django.urls import path

from stonebridge.accounts import views
from stonebridge.ui.posted import takes

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", takes("next")(account.logout), name="account_logout"),
    path("closed/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", account.password_change, name="account_change_password"),
    path("welcome/<uuid:officer_id>/<str:token>/", views.welcome, name="account_welcome"),
    path("purpose/", views.work, name="account_work"),
    path("sessions/end/", views.end_sessions, name="account_end_sessions"),
    path("2fa/", views.account, name="mfa_index"),
    path("2fa/authenticate/", takes("code")(second_factor.authenticate), name="mfa_authenticate"),
    path("2fa/reauthenticate/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/enrol/", views.enrol, name="mfa_activate_totp"),
    path("2fa/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/new/", takes()(recovery_codes.generate_recovery_codes), name="mfa_generate_recovery_codes"
    ),
]
