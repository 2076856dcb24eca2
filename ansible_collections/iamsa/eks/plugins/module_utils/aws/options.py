# SPDX-License-Identifier: GPL-3.0-or-later

"""What a caller may say about the AWS side instead of leaving it to AWS's usual configuration."""

from __future__ import annotations

from dataclasses import dataclass, field

from .mfa import AskCode


@dataclass(frozen=True)
class AwsOptions:
    """Keys instead of a profile or the environment, an endpoint for all services, and how TLS is checked.

    `ca_bundle` is a path; None means: as AWS's usual configuration says. `ask_code` asks a person for an MFA
    code; without it, nobody is there.
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
        """Access key, secret key and session token, if they are given."""
        if self.access_key and self.secret_key:
            return self.access_key, self.secret_key, self.session_token
        return None

    @property
    def verify(self) -> bool | str | None:
        """As botocore's create_client takes it."""
        return self.ca_bundle if self.validate_certs else False
