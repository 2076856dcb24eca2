"""As whom AWS is called, and as whom the API server: the same credentials, or it is said."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ansible_collections.iamsa.eks.plugins.module_utils.aws.options import AwsOptions
from ansible_collections.iamsa.eks.plugins.module_utils.cluster import locate as where_module
from ansible_collections.iamsa.eks.plugins.module_utils.cluster.locate import locate
from ansible_collections.iamsa.eks.plugins.module_utils.cluster.target import Where
from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import Unlocated
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.context import ContextEntry

GET_TOKEN = "aws --region eu-west-1 eks get-token --cluster-name shop"
ROLE = "arn:aws:iam::123456789012:role/deployer"
ENV_KEYS = {"AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "s"}
EXEC_KEYS = {"AWS_ACCESS_KEY_ID": "AKIAEXEC", "AWS_SECRET_ACCESS_KEY": "s"}
OUR_KEYS = AwsOptions(access_key="AKIAOPTION", secret_key="s")
CONFIG = """\
[default]
aws_access_key_id = AKIADEFAULT
aws_secret_access_key = s
[profile p]
aws_access_key_id = AKIAP
aws_secret_access_key = s
[profile q]
aws_access_key_id = AKIAQ
aws_secret_access_key = s
[profile vault-only]
region = eu-west-1
[profile half]
role_arn = arn:aws:iam::123456789012:role/r
source_profile = vault-only
"""


class Seen(NamedTuple):
    """Our access key; the words of the plugin, or "made" where we make its token, and its AWS variables."""

    ours: str
    words: str
    variables: dict[str, str]
    notices: tuple[str, ...]


@pytest.fixture
def look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Seen]:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    (tmp_path / "config").write_text(CONFIG)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    given: list[Any] = []
    real = where_module.connect

    def connect(entry: ContextEntry, options: Any, deadline: Any, environ: Any, make_token: Any) -> Any:
        given[:] = [entry.exec_section, environ, make_token]
        return real(entry, options, deadline, environ, make_token)

    monkeypatch.setattr(where_module, "connect", connect)

    def see(command: str, exec_env: dict[str, str], environ: dict[str, str], **said: Any) -> Seen:
        words = command.split()
        section = {
            "apiVersion": "client.authentication.k8s.io/v1beta1",
            "command": words[0],
            "args": words[1:],
            "env": [{"name": name, "value": value} for name, value in exec_env.items()],
        }
        document = {
            "current-context": "dev",
            "contexts": [{"name": "dev", "context": {"cluster": "dev", "user": "me"}}],
            "clusters": [{"name": "dev", "cluster": {"server": "https://127.0.0.1:1"}}],
            "users": [{"name": "me", "user": {"exec": section}}],
        }
        (tmp_path / "kubeconfig").write_text(json.dumps(document))
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        environ = {"KUBECONFIG": str(tmp_path / "kubeconfig"), **environ}
        access = locate(Where(cluster_name="shop", region="eu-west-1", **said), environ, Deadline(9))
        credentials = access.source.cluster.eks._session._botocore.get_credentials()
        plugin, plugin_environ, make_token = given
        merged = {**plugin_environ, **plugin.env}
        names = ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE")
        return Seen(
            credentials.access_key if credentials else "nobody",
            "made" if make_token else " ".join(plugin.argv),
            {name: merged[name] for name in names if name in merged},
            access.notices,
        )

    return see


ENV_KEY = {"AWS_ACCESS_KEY_ID": "AKIAENV"}
P, Q = {"AWS_PROFILE": "p"}, {"AWS_PROFILE": "q"}
POD = {"AWS_ROLE_ARN": ROLE, "AWS_WEB_IDENTITY_TOKEN_FILE": "/nonexistent"}
FILE = {"AWS_CONFIG_FILE": "/elsewhere"}
USUAL_FILE = {"AWS_SHARED_CREDENTIALS_FILE": "~/.aws/credentials"}
# the plugin, its env, our environment, what we are told; our key, and how the token comes to be
SAME = [
    (GET_TOKEN, {}, {}, {}, "AKIADEFAULT", "made", {}),
    (GET_TOKEN, {}, ENV_KEYS, {}, "AKIAENV", "made", {"AWS_ACCESS_KEY_ID": "AKIAENV"}),
    (GET_TOKEN, {}, P, {}, "AKIAP", "made", P),
    (GET_TOKEN, {}, {**ENV_KEYS, **P}, {}, "AKIAENV", "made", {"AWS_ACCESS_KEY_ID": "AKIAENV", **P}),
    (GET_TOKEN, P, {}, {}, "AKIAP", "made", P),
    (GET_TOKEN, P, Q, {}, "AKIAP", "made", P),
    # botocore looks at the older name first, wherever it stands.
    (f"/opt/{GET_TOKEN}", P, {"AWS_DEFAULT_PROFILE": "q"}, {}, "AKIAP", f"/opt/{GET_TOKEN}", P),
    # Keys in the environment win over AWS_PROFILE, wherever that stands.
    (GET_TOKEN, P, ENV_KEYS, {}, "AKIAENV", "made", {"AWS_ACCESS_KEY_ID": "AKIAENV", **P}),
    (f"{GET_TOKEN} --profile p", {}, ENV_KEYS, {}, "AKIAP", "made", {"AWS_ACCESS_KEY_ID": "AKIAENV"}),
    (f"{GET_TOKEN} --profile p", Q, {}, {}, "AKIAP", "made", Q),
    # Keys in the exec section's env are the plugin's, and then ours.
    (GET_TOKEN, {**FILE, **EXEC_KEYS}, {}, {}, "AKIAEXEC", GET_TOKEN, {"AWS_ACCESS_KEY_ID": "AKIAEXEC"}),
    (GET_TOKEN, FILE, ENV_KEYS, {}, "AKIAENV", GET_TOKEN, {"AWS_ACCESS_KEY_ID": "AKIAENV"}),
    (GET_TOKEN, USUAL_FILE, {}, {"profile": "p"}, "AKIAP", GET_TOKEN, P),
    (GET_TOKEN, EXEC_KEYS, ENV_KEYS, {}, "AKIAEXEC", GET_TOKEN, {"AWS_ACCESS_KEY_ID": "AKIAEXEC"}),
    # Our own --profile reaches the plugin, and wins there too.
    (GET_TOKEN, {}, {}, {"profile": "q"}, "AKIAQ", "made", Q),
    (GET_TOKEN, {}, ENV_KEYS, {"profile": "q"}, "AKIAQ", "made", Q),
    (GET_TOKEN, P, {}, {"profile": "q"}, "AKIAQ", "made", Q),
    (GET_TOKEN, EXEC_KEYS, P, {"profile": "q"}, "AKIAQ", "made", Q),
    (GET_TOKEN, {}, {"AWS_DEFAULT_PROFILE": "p"}, {"profile": "q"}, "AKIAQ", "made", Q),
    (f"/opt/{GET_TOKEN}", {}, ENV_KEYS, {"profile": "q"}, "AKIAQ", f"/opt/{GET_TOKEN}", Q),
    ("aws-iam-authenticator token -i shop", {}, {}, {"profile": "q"}, "AKIAQ", None, Q),
    # The role of the pod that we run in would win over AWS_PROFILE.
    (f"/opt/{GET_TOKEN}", {}, POD, {"profile": "q"}, "AKIAQ", f"/opt/{GET_TOKEN}", Q),
    (f"/opt/{GET_TOKEN}", POD, {}, {"profile": "q"}, "AKIAQ", f"/opt/{GET_TOKEN}", Q),
    (f"{GET_TOKEN} --profile p", {}, {}, {"profile": "p"}, "AKIAP", "made", {}),
    (f"env {GET_TOKEN}", P, {}, {"profile": "p"}, "AKIAP", None, P),
    # The variables that env sets are the exec section's too.
    (f"env X=1 AWS_PROFILE=p {GET_TOKEN}", {}, {}, {}, "AKIAP", None, {}),
    (f"env AWS_PROFILE=p {GET_TOKEN}", Q, ENV_KEYS, {}, "AKIAENV", None, {**ENV_KEY, **Q}),
    # So do keys that a task gives.
    (GET_TOKEN, FILE, {}, {"aws": OUR_KEYS}, "AKIAOPTION", GET_TOKEN, {"AWS_ACCESS_KEY_ID": "AKIAOPTION"}),
    (GET_TOKEN, P, {}, {"aws": OUR_KEYS}, "AKIAOPTION", GET_TOKEN, {"AWS_ACCESS_KEY_ID": "AKIAOPTION"}),
    # Programs that keep the keys themselves.
    (f"aws-vault exec p -- {GET_TOKEN}", {}, {}, {}, "AKIAP", None, {}),
    (f"aws-vault exec --no-session -d 1h p {GET_TOKEN}", {}, {}, {}, "AKIAP", None, {}),
    (f"aws-okta exec p -- {GET_TOKEN}", {}, ENV_KEYS, {}, "AKIAP", None, {"AWS_ACCESS_KEY_ID": "AKIAENV"}),
    (
        f"aws-vault exec vault-only -- {GET_TOKEN}",
        {},
        {**ENV_KEYS, "AWS_VAULT": "vault-only"},
        {},
        "AKIAENV",
        "made",
        {"AWS_ACCESS_KEY_ID": "AKIAENV"},
    ),
    (
        f"aws-vault exec vault-only -- /opt/{GET_TOKEN}",
        {},
        {**ENV_KEYS, "AWS_VAULT": "vault-only"},
        {},
        "AKIAENV",
        f"/opt/{GET_TOKEN}",
        {"AWS_ACCESS_KEY_ID": "AKIAENV"},
    ),
]


@pytest.mark.parametrize(("command", "exec_env", "environ", "said", "ours", "words", "variables"), SAME)
def test_both_sides_are_called_with_the_same_credentials(
    look: Callable[..., Seen],
    command: str,
    exec_env: dict[str, str],
    environ: dict[str, str],
    said: dict[str, Any],
    ours: str,
    words: str | None,
    variables: dict[str, str],
) -> None:
    assert look(command, exec_env, environ, **said) == (ours, words or command, variables, ())


DIFFERENT = [
    # as above; our key, and what the notice names
    (f"{GET_TOKEN} --role-arn {ROLE}", P, {}, {}, "AKIAP", ROLE),
    (f"aws-iam-authenticator token -i shop -r {ROLE}", {}, {}, {}, "AKIADEFAULT", ROLE),
    (
        f"{GET_TOKEN} --profile p",
        {},
        {},
        {"profile": "q"},
        "AKIAQ",
        "profile q, but the API server",
    ),
    (f"{GET_TOKEN} --profile p", {}, {}, {"aws": OUR_KEYS}, "AKIAOPTION", "access key, but the API server"),
    (f"aws-vault exec p -- {GET_TOKEN}", {}, {}, {"profile": "q"}, "AKIAQ", "profile q, but the API server"),
    (f"aws-vault exec vault-only -- {GET_TOKEN}", {}, ENV_KEYS, {}, "AKIAENV", "aws-vault exec vault-only"),
    (f"aws-vault exec half -- {GET_TOKEN}", {}, ENV_KEYS, {}, "AKIAENV", "aws-vault exec half"),
    # A program that runs the plugin as it likes.
    (f"saml2aws exec -- {GET_TOKEN}", {}, {}, {"profile": "q"}, "AKIAQ", "that saml2aws provides"),
    (f"env AWS_PROFILE=p {GET_TOKEN}", {}, {}, {"profile": "q"}, "AKIAQ", "that env provides"),
    (f"saml2aws exec -- {GET_TOKEN}", {}, {}, {"aws": OUR_KEYS}, "AKIAOPTION", "that saml2aws provides"),
    # Where its credentials come from.
    (GET_TOKEN, FILE, {}, {}, "AKIADEFAULT", "sets AWS_CONFIG_FILE"),
    (GET_TOKEN, {**FILE, **P}, {}, {}, "AKIAP", "sets AWS_CONFIG_FILE"),
    (GET_TOKEN, FILE, {}, {"profile": "q"}, "AKIAQ", "sets AWS_CONFIG_FILE"),
    (f"{GET_TOKEN} --profile p", FILE, {}, {}, "AKIAP", "sets AWS_CONFIG_FILE"),
    (GET_TOKEN, POD, {}, {}, "AKIADEFAULT", "AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE"),
]


@pytest.mark.parametrize(("command", "exec_env", "environ", "said", "ours", "notice"), DIFFERENT)
def test_two_identities_are_said(
    look: Callable[..., Seen],
    command: str,
    exec_env: dict[str, str],
    environ: dict[str, str],
    said: dict[str, Any],
    ours: str,
    notice: str,
) -> None:
    seen = look(command, exec_env, environ, **said)
    assert (seen.ours, seen.words) == (ours, command)
    (told,) = seen.notices
    assert notice in told


@pytest.mark.parametrize("wrapper", ["aws-vault", "aws-okta"])
@pytest.mark.parametrize("profile", ["vault-only", "half", "absent"])
def test_keys_that_a_program_keeps_are_had_by_running_us_under_it(
    look: Callable[..., Seen], wrapper: str, profile: str
) -> None:
    with pytest.raises(Unlocated) as raised:
        look(f"{wrapper} exec {profile} -- {GET_TOKEN}", {}, {})
    assert raised.value.resource == f"profile {profile}"
    assert str(raised.value.remedy).startswith(f"run {wrapper} exec {profile} -- iamsa")
