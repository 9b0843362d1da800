"""How people prove who they are: Panel's own ways, with throttled guesses."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import panel as pn
from panel.auth import BasicAuthProvider, BasicLoginHandler

_PAGE = Path(__file__).with_name("login.html")
_PAUSE = 1.0  # seconds after each wrong password, one guess at a time
_LEAST = 16  # characters of a secret that signs cookies


@dataclass(frozen=True)
class Login:
    """Who may open the page; anyone when nothing is given.

    Parameters
    ----------
    users
        JSON file with a password for each name.
    provider
        OAuth provider as Panel names it, such as `github` or `okta`.
    redirect
        Address to which the provider sends people back.

    Notes
    -----
    Secrets come from the environment, where a list of processes does not show them:
    PANEL_COOKIE_SECRET, PANEL_OAUTH_KEY, PANEL_OAUTH_SECRET, PANEL_OAUTH_ENCRYPTION.
    """

    users: str = ""
    provider: str = ""
    redirect: str = ""

    def __bool__(self) -> bool:
        return bool(self.users or self.provider)

    @property
    def cookie_secret(self) -> str:
        """Secret that signs cookies; empty when the environment has none."""
        return str(pn.config.cookie_secret or "")

    def check(self) -> None:
        """Refuse what cannot work.

        Raises
        ------
        ValueError
            One line that names option or variable and rule.
        """
        if self.users and self.provider:
            raise ValueError("--basic-auth and --oauth-provider exclude each other")
        if self.cookie_secret and len(self.cookie_secret) < _LEAST:
            rule = f"must have at least {_LEAST} characters"
            raise ValueError(f"PANEL_COOKIE_SECRET {rule}")
        if self.users:
            _check_users(Path(self.users))
        if self.provider:
            self._check_provider()

    def _check_provider(self) -> None:
        from panel.auth import AUTH_PROVIDERS

        if self.provider not in AUTH_PROVIDERS:
            known = ", ".join(sorted(AUTH_PROVIDERS))
            said = f"--oauth-provider {self.provider!r} is not known; known: {known}"
            raise ValueError(said)
        for name in ("PANEL_OAUTH_KEY", "PANEL_OAUTH_SECRET"):
            if not os.environ.get(name):
                raise ValueError(f"--oauth-provider needs the variable {name}")
        try:
            import cryptography  # noqa: F401
        except ImportError:
            rule = "needs the package cryptography: pip install 'breakeven[serve]'"
            raise ValueError(f"--oauth-provider {rule}") from None

    def settings(self, cookies: str, root: str) -> dict[str, Any]:
        """What the server is told about it."""
        found: dict[str, Any] = {"cookie_secret": cookies, "cookie_path": root or "/"}
        if self.users:
            found |= {"basic_auth": self.users, "login_template": str(_PAGE)}
        if self.provider:
            found |= {"oauth_provider": self.provider}
            if self.redirect:
                found["oauth_redirect_uri"] = self.redirect
            _encrypt()
        BasicAuthProvider.login_handler = property(_login_handler)  # type: ignore[assignment]
        return found


def _check_users(path: Path) -> None:
    """Refuse a file that does not hold a password for each name."""
    try:
        users = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"--basic-auth {path}: {error.strerror}") from None
    except ValueError as error:
        raise ValueError(f"--basic-auth {path}: not JSON: {error}") from None
    good = isinstance(users, dict) and users
    if not good or not all(isinstance(v, str) and v for v in users.values()):
        rule = 'must read {"name": "password", …}'
        raise ValueError(f"--basic-auth {path}: {rule}")


def _encrypt() -> None:
    """Encrypt what Panel keeps of a person in cookies."""
    from cryptography.fernet import Fernet

    given = pn.config.oauth_encryption_key
    key = given.encode() if isinstance(given, str) else given
    try:
        pn.state.encryption = Fernet(key or Fernet.generate_key())
    except ValueError:
        rule = "must be made with `panel oauth-secret`"
        raise ValueError(f"PANEL_OAUTH_ENCRYPTION {rule}") from None


class _Throttled(BasicLoginHandler):
    """Login form that answers a wrong password slowly, and one at a time."""

    _turn = asyncio.Lock()

    async def post(self) -> None:
        name, password = (
            self.get_argument("username", ""),
            self.get_argument("password", ""),
        )
        if not self._validate(name, password):
            async with self._turn:
                await asyncio.sleep(_PAUSE)
        super().post()


def _login_handler(provider: BasicAuthProvider) -> type[BasicLoginHandler]:
    _Throttled._login_endpoint = provider._login_endpoint
    _Throttled._login_template = provider._login_template
    return _Throttled
