"""All use cases of the service."""

from __future__ import annotations

from dataclasses import dataclass

from services.auth.domain.key_schedule import KeySchedule
from services.auth.domain.session import Lifetimes
from services.auth.use_cases.announce import AnnounceRevocations
from services.auth.use_cases.change_password import ChangePassword
from services.auth.use_cases.check_password import CheckPassword, Limits
from services.auth.use_cases.follow_user import FollowUser
from services.auth.use_cases.forget import Forget
from services.auth.use_cases.introspect_token import IntrospectToken
from services.auth.use_cases.issue_tokens import IssueTokens
from services.auth.use_cases.log_in import LogIn
from services.auth.use_cases.log_out import LogOut, LogOutEverywhere
from services.auth.use_cases.ports import Announcements, Passwords, Sealing, Store, Users
from services.auth.use_cases.refresh_tokens import RefreshTokens
from services.auth.use_cases.register_credentials import RegisterCredentials
from services.auth.use_cases.rotate_keys import PublishKeys, RequireSigningKey, RotateKeys


@dataclass(frozen=True, slots=True)
class Policy:
    """Decisions of a deployment.

    Attributes:
        issuer: Who tokens say signed.
        audience: For whom tokens say to be.
        lifetimes: How long tokens are good.
        schedule: Times of signing keys.
        limits: How many attempts may fail.
    """

    issuer: str
    audience: str
    lifetimes: Lifetimes
    schedule: KeySchedule
    limits: Limits


@dataclass(frozen=True, slots=True)
class Outside:
    """Surroundings of the use cases.

    Attributes:
        store: Accounts, sessions, keys.
        users: The users of identity.
        passwords: Hashes of passwords.
        sealing: Encryption of private keys.
        announcements: Way to the verifiers.
    """

    store: Store
    users: Users
    passwords: Passwords
    sealing: Sealing
    announcements: Announcements


@dataclass(frozen=True, slots=True)
class Auth:
    """The use cases of the service."""

    register: RegisterCredentials
    log_in: LogIn
    refresh: RefreshTokens
    log_out: LogOut
    log_out_everywhere: LogOutEverywhere
    introspect: IntrospectToken
    change_password: ChangePassword
    follow: FollowUser
    announce: AnnounceRevocations
    rotate: RotateKeys
    publish_keys: PublishKeys
    require_key: RequireSigningKey
    forget: Forget

    @classmethod
    def on(cls, outside: Outside, policy: Policy) -> Auth:
        """Put the use cases on what they need."""
        store, passwords, lifetimes = outside.store, outside.passwords, policy.lifetimes
        check = CheckPassword(store, passwords, policy.limits)
        issue = IssueTokens(lifetimes, policy.schedule, outside.sealing, policy.issuer, policy.audience)
        announce = AnnounceRevocations(store, outside.announcements)
        return cls(
            register=RegisterCredentials(store, outside.users, passwords),
            log_in=LogIn(store, check, passwords, issue),
            refresh=RefreshTokens(store, issue, announce),
            log_out=LogOut(store, announce),
            log_out_everywhere=LogOutEverywhere(store, lifetimes, announce),
            introspect=IntrospectToken(store, policy.issuer, policy.audience),
            change_password=ChangePassword(store, check, passwords, lifetimes, announce),
            follow=FollowUser(lifetimes),
            announce=announce,
            rotate=RotateKeys(store, policy.schedule, outside.sealing),
            publish_keys=PublishKeys(store),
            require_key=RequireSigningKey(store, issue),
            forget=Forget(store),
        )
