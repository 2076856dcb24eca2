# SPDX-License-Identifier: GPL-3.0-or-later

"""The AWS credentials that a credential plugin uses, read from its arguments and variables, or set there.

The rules are those of the AWS CLI, which are botocore's: `--profile` takes precedence over keys in the
environment, and those over AWS_PROFILE.
Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-authentication.html
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from itertools import takewhile
from os.path import expanduser
from pathlib import PurePath

from .exec_section import ExecSection

AUTHENTICATORS = ("aws-iam-authenticator", "heptio-authenticator-aws")
ACCESS_KEY, SECRET_KEY, SESSION_TOKEN = "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"
KEY_VARIABLES = (ACCESS_KEY, SECRET_KEY, SESSION_TOKEN, "AWS_SECURITY_TOKEN")
# botocore reads the older name first.
PROFILE_VARIABLES = ("AWS_DEFAULT_PROFILE", "AWS_PROFILE")
# In botocore, the role that these name takes precedence over a profile that is not set explicitly.
WEB_IDENTITY_VARIABLES = ("AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_SESSION_NAME")
# The variables that select the source of credentials, and the value that equals leaving the variable unset.
# _FILES are used even if a profile is set explicitly.
_FILES = {"AWS_CONFIG_FILE": "~/.aws/config", "AWS_SHARED_CREDENTIALS_FILE": "~/.aws/credentials"}
_SOURCES = {
    **_FILES,
    **dict.fromkeys(WEB_IDENTITY_VARIABLES[:2], ""),
    **dict.fromkeys(("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"), ""),
}
# Programs that run a command with a profile of their own store, and the variable that they set for it.
WRAPPERS = {"aws-vault": "AWS_VAULT", "aws-okta": "AWS_OKTA_PROFILE"}
_WITH_VALUE = frozenset(
    (
        *("-d", "--duration", "--region", "-t", "--mfa-token", "--backend", "--prompt", "--assume-role-ttl"),
        *("-r", "--session-ttl", "--session-duration", "--keychain", "--mfa-duo-device", "--mfa-provider"),
    )
)

Keys = tuple[str, str, "str | None"]


@dataclass(frozen=True)
class PluginLogin:
    """The credentials that a plugin uses.

    `profile` takes precedence over keys in the environment if `named`: the plugin's arguments set it.
    `keys` are those of the exec section's env.
    `wrapper`, such as aws-vault, runs the plugin with `profile`.
    `role` is the ARN that the plugin assumes, for the token only.
    `runner` is a program that is not AWS's, whose choice of credentials cannot be determined.
    `sources` are the variables of the exec section's env that select the source of credentials.
    """

    profile: str | None = None
    named: bool = False
    keys: Keys | None = field(default=None, repr=False)
    wrapper: str = ""
    role: str = ""
    runner: str = ""
    sources: tuple[tuple[str, str], ...] = ()

    def sources_apart(self, environ: Mapping[str, str], *, is_given: bool) -> list[str]:
        """Return the names of those `sources` that are used and differ from `environ`.

        `is_given`: the user has set a profile for iamsa explicitly.
        """
        is_express = is_given or self.named or bool(self.wrapper)
        if (self.keys and not is_given) or (_has_keys(environ) and not is_express):
            return []
        known = _FILES if is_express else _SOURCES
        return [
            name
            for name, value in self.sources
            if name in known and expanduser(value) != expanduser(environ.get(name) or known[name])
        ]


def program_of(word: str) -> str:
    """Return `aws` for `/usr/bin/aws` and for `C:\\\\bin\\\\aws.exe`."""
    return PurePath(word.replace("\\", "/")).name.removesuffix(".exe")


def read_login(argv: tuple[str, ...], env: Mapping[str, str]) -> PluginLogin:
    """Return the credentials of an exec section that calls AWS."""
    sources = tuple((name, env[name]) for name in _SOURCES if env.get(name))
    return replace(_read_login(argv, env), sources=sources)


def _read_login(argv: tuple[str, ...], env: Mapping[str, str]) -> PluginLogin:
    role = option(argv, "--role-arn", "--role", "-r") or ""
    keys = (env[ACCESS_KEY], env[SECRET_KEY], env.get(SESSION_TOKEN)) if _has_keys(env) else None
    named = option(argv, "--profile")
    if named:
        return PluginLogin(named, named=True, role=role)
    wrapper, profile, _words = _unwrapped(argv)
    if profile:
        # The wrapper overrides keys in the environment.
        return PluginLogin(profile, wrapper=wrapper, role=role)
    found = next((env[name] for name in PROFILE_VARIABLES if env.get(name)), None)
    program = program_of(argv[0])
    runner = "" if program in ("aws", *AUTHENTICATORS) else program
    return PluginLogin(found, keys=keys, role=role, runner=runner)


def assigned(argv: tuple[str, ...]) -> dict[str, str]:
    """Return the variables that `env NAME=VALUE … aws …` sets."""
    if program_of(argv[0]) != "env":
        return {}
    pairs = takewhile(lambda pair: pair[1], (word.partition("=") for word in argv[1:]))
    return {name: value for name, _separator, value in pairs}


def with_login(
    section: ExecSection, environ: Mapping[str, str], profile: str | None, keys: Keys | None
) -> tuple[ExecSection, Mapping[str, str]]:
    """Return the section and the environment with which the plugin uses iamsa's credentials, where possible.

    `profile` and `keys` are those that the user set for iamsa explicitly. A plugin whose arguments name a
    profile keeps it. If iamsa itself runs in the plugin's wrapper, the plugin is run without it, because
    wrappers refuse to be nested.
    """
    wrapper, wrapped_profile, words = _unwrapped(section.argv)
    if wrapper and not profile and not keys and is_inside(wrapper, wrapped_profile, environ):
        return replace(section, argv=words), environ
    is_aws = program_of(section.argv[0]) in ("aws", *AUTHENTICATORS)
    if not is_aws or option(section.argv, "--profile"):
        return section, environ
    if not (profile or keys):
        # The older name in our environment would take precedence over the newer one in the section.
        names_profile = any(section.env.get(name) for name in PROFILE_VARIABLES)
        return section, _without(PROFILE_VARIABLES, environ) if names_profile else environ
    dropped = (*KEY_VARIABLES, *PROFILE_VARIABLES, *WEB_IDENTITY_VARIABLES)
    env = _without(dropped, section.env)
    if keys:
        given = zip((ACCESS_KEY, SECRET_KEY, SESSION_TOKEN), keys)  # noqa: B905
        env.update({name: value for name, value in given if value})
    elif profile:
        env["AWS_PROFILE"] = profile
    return replace(section, env=env), _without(dropped, environ)


def _without(names: Collection[str], variables: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in variables.items() if name not in names}


def is_inside(wrapper: str, profile: str, environ: Mapping[str, str]) -> bool:
    """Return whether iamsa itself was run by this wrapper, with this profile."""
    return environ.get(WRAPPERS[wrapper]) == profile and _has_keys(environ)


def _has_keys(env: Mapping[str, str]) -> bool:
    return bool(env.get(ACCESS_KEY) and env.get(SECRET_KEY))


def _unwrapped(argv: tuple[str, ...]) -> tuple[str, str, tuple[str, ...]]:
    """Return the wrapper, P and the command of `aws-vault exec P -- aws …`, or else ("", "", argv)."""
    program = program_of(argv[0])
    if program not in WRAPPERS or "exec" not in argv:
        return "", "", argv
    words = list(argv[argv.index("exec") + 1 :])
    profile = ""
    while words:
        word = words.pop(0)
        if word == "--":
            break
        if word.startswith("-"):
            if word in _WITH_VALUE and words:
                words.pop(0)
        elif profile:
            words.insert(0, word)
            break
        else:
            profile = word
    return (program, profile, tuple(words)) if profile and words else ("", "", argv)


def option(argv: tuple[str, ...], *names: str) -> str | None:
    """Return the value of the first of these options that is set; the last occurrence takes precedence."""
    for name in names:
        value = None
        for word, following in zip(argv, (*argv[1:], ""), strict=True):
            if word == name and following and not following.startswith("-"):
                value = following
            elif word.startswith(f"{name}=") and len(word) > len(name) + 1:
                value = word[len(name) + 1 :]
        if value:
            return value
    return None
