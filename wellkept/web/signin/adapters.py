"""Where allauth asks us: who may join, how mail leaves, how secrets are kept, what is written in the service book."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wellkept.core import secrets
from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.people import actions, queries
from wellkept.people.models import Staff

log = logging.getLogger("wellkept.signin")
NOT_THESE = _("This address and password do not belong together. Check both, or ask for a new password.")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up is closed; mail leaves through the outbox; sign-ins and new passwords become facts."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed. Ask your administrator."),
        "email_password_mismatch": NOT_THESE,
        "username_password_mismatch": NOT_THESE,
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again."),
        "rate_limited": _("Too many tries. Wait a minute, then try again."),
        "incorrect_code": _("This code is not right, or it has run out. Enter the newest one."),
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your password now."),
        "invalid_password_reset": _("This link was used or has run out. Ask for a new one."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        message = self.render_mail(template_prefix, email, {"firm": queries.firm(), "email": email, **context})
        actions.mail(to=email, subject=str(message.subject), text=str(message.body), at=now())

    def format_email_subject(self, subject: str) -> str:
        return str(subject)

    def set_password(self, user: Any, password: str) -> None:
        actions.change_password(staff=user, password=password, by=user, at=now())

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        actions.signed_in(staff=user, at=now())

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        staff = queries.by_email(str(credentials.get("email", "")))
        log.info("sign-in refused", extra={"staff": staff.pk if staff else None})
        if staff is not None:
            actions.sign_in_refused(staff=staff, at=now())


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """A provider's word counts for an address it has verified: of somebody here, or of somebody invited."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing:
            if not sociallogin.user.is_active:
                raise ImmediateHttpResponse(_not_invited(request))
            return
        staff = _staff_of(sociallogin)
        if staff is None:
            raise ImmediateHttpResponse(_not_invited(request))
        sociallogin.connect(request, staff)


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second-step secrets sealed; the firm's name in the authenticator app."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right, or it has run out. Enter the newest one."),
    }

    def encrypt(self, text: str) -> str:
        return secrets.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return secrets.unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        firm = queries.firm()
        return f"Wellkept {firm.name}" if firm else "Wellkept"


def _staff_of(sociallogin: Any) -> Staff | None:
    verified = [address.email for address in sociallogin.email_addresses if address.verified]
    for email in verified:
        staff = queries.by_email(email)
        if staff is not None:
            return staff
        try:
            return actions.join_by_provider(email_address=email, at=now())
        except Refusal:
            continue
    return None


def _not_invited(request: HttpRequest) -> HttpResponse:
    return render(request, "account/signup_closed.html", status=403)
