# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings that override AWS's usual configuration."""

from __future__ import annotations

from dataclasses import dataclass, field

from .mfa import AskCode


@dataclass(frozen=True)
class AwsOptions:
    """Access keys, an endpoint for all services, and TLS verification; None keeps AWS's usual configuration.

    `ca_bundle` is a path. `ask_code` prompts for an MFA code; None means that there is no terminal.
    """

    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    session_token: str | None = field(default=None, repr=False)
    endpoint_url: str | None = None
    ca_bundle: str | None = None
    validate_certs: bool = True
    ask_code: AskCode | None = field(default=None, repr=False, compare=False)

    @property
    def keys(self) -> tuple[str, str, str | None] | None:
        """The access key, secret key and session token, if set."""
        if self.access_key and self.secret_key:
            return self.access_key, self.secret_key, self.session_token
        return None

    @property
    def verify(self) -> bool | str | None:
        """The `verify` argument of botocore's create_client."""
        return self.ca_bundle if self.validate_certs else False
