"""The only writers of people: one module for each noun."""

from wellkept.people.actions.firm import FirmIsSetUp, FirmMissing, change_firm, set_up_firm
from wellkept.people.actions.joining import (
    AlreadyHere,
    InvitationOver,
    WeakPassword,
    accept_invitation,
    change_password,
    invite,
    join_by_provider,
    withdraw_invitation,
)
from wellkept.people.actions.leaving import LastAdministrator, WorkStillOpen, WrongTaker, deactivate, welcome_back
from wellkept.people.actions.mail import mail
from wellkept.people.actions.notices import Telling, notify, notify_all, read_all_notices, read_notice
from wellkept.people.actions.place import (
    ChainGoesRound,
    NoSuchRole,
    TeamNameTaken,
    change_supervisor,
    change_team,
    grant_roles,
    join_team,
    make_team,
    rename,
)
from wellkept.people.actions.preferences import UnknownChoice, change_preferences
from wellkept.people.actions.sessions import (
    NoSecondStep,
    SessionOver,
    end_session,
    remove_second_step,
    sign_in_refused,
    sign_out_everywhere,
    signed_in,
)
from wellkept.people.actions.tokens import TokenOver, new_api_token, revoke_api_token, use_api_token

__all__ = [
    "AlreadyHere",
    "ChainGoesRound",
    "FirmIsSetUp",
    "FirmMissing",
    "InvitationOver",
    "LastAdministrator",
    "NoSecondStep",
    "NoSuchRole",
    "SessionOver",
    "TeamNameTaken",
    "Telling",
    "TokenOver",
    "UnknownChoice",
    "WeakPassword",
    "WorkStillOpen",
    "WrongTaker",
    "accept_invitation",
    "change_firm",
    "change_password",
    "change_preferences",
    "change_supervisor",
    "change_team",
    "deactivate",
    "end_session",
    "grant_roles",
    "invite",
    "join_by_provider",
    "join_team",
    "mail",
    "make_team",
    "new_api_token",
    "notify",
    "notify_all",
    "read_all_notices",
    "read_notice",
    "remove_second_step",
    "rename",
    "revoke_api_token",
    "set_up_firm",
    "sign_in_refused",
    "sign_out_everywhere",
    "signed_in",
    "use_api_token",
    "welcome_back",
    "withdraw_invitation",
]
