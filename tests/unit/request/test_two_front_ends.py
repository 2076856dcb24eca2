"""The command line and a task ask for the same in their own words, and are refused in them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from kubectl_iamsa.argv.reader import parse
from kubectl_iamsa.requests.service_account import create_request, reading_request, update_request
from kubectl_iamsa.requests.target import where_of as where_of_argv
from kubectl_iamsa.verb_tree import build_parser
from unit.fakes.examples import AUDIENCE, document

from ansible_collections.iamsa.eks.plugins.module_utils.cluster.target import Where
from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidValue, excerpt, quoted
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import (
    NO_BOUNDARY,
    Binding,
    DeleteOverrides,
    DeleteRequest,
    Desired,
    Overrides,
    RoleSpec,
    ServiceAccountSpec,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.values import parse_duration
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import (
    InlineName,
    InlinePolicy,
    PolicyName,
)
from ansible_collections.iamsa.eks.plugins.module_utils.request.durations import (
    SESSION_SECONDS,
    TOKEN_SECONDS,
)
from ansible_collections.iamsa.eks.plugins.module_utils.task.arguments import (
    AWS_ARGUMENTS,
    K8S_ARGUMENTS,
    service_account_arguments,
)
from ansible_collections.iamsa.eks.plugins.module_utils.task.requests import read_items
from ansible_collections.iamsa.eks.plugins.module_utils.task.target import where_of as where_of_options

BOUNDARY = "arn:aws:iam::123456789012:policy/boundary"
SPEC = RoleSpec(audience=AUDIENCE)
READER = InlinePolicy("reader", document(), "reader.json")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with the policy file reader.json."""
    (tmp_path / "reader.json").write_text(json.dumps(document()), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def args(*words: str) -> Any:
    return parse(build_parser(), words)[1]


def params(**given: Any) -> dict[str, Any]:
    """As Ansible hands them over: every option, those not given with their default."""
    known = {**service_account_arguments(), **AWS_ARGUMENTS, **K8S_ARGUMENTS}
    return {name: one.get("default") for name, one in known.items()} | given


def of_options(**given: Any) -> Desired | DeleteRequest:
    (item,) = read_items(params(name="shop", **given), check_mode=False)
    return item.in_namespace("web")


def created(*words: str) -> Desired:
    return create_request(args("create", "shop", *words), {}).desired("web")


def updated(*words: str) -> Desired:
    return update_request(args("update", "shop", *words), {}).desired("web")


def deleted(*words: str) -> DeleteRequest:
    return reading_request(args("delete", "shop", *words)).deletion("web")


def desired(role: RoleSpec, service_account: ServiceAccountSpec | None = None, **overrides: bool) -> Desired:
    binding = Binding(Subject("web", "shop"))
    return Desired(role, (binding,), service_account or ServiceAccountSpec(), Overrides(**overrides))


ROLES = [
    ("--role-name mine", {"role_name": "mine"}, {"name": "mine"}),
    ("--role-name-style gen3", {"role_name_style": "gen3"}, {"name_style": "gen3"}),
    ("--path /team/", {"path": "/team/"}, {"path": "/team/"}),
    (
        f"--permissions-boundary {BOUNDARY}",
        {"permissions_boundary": BOUNDARY},
        {"permissions_boundary": BOUNDARY},
    ),
    ("--tag a=b --tag c=", {"tags": {"a": "b", "c": None}}, {"tags": {"a": "b", "c": ""}}),
    ("--description text", {"description": "text"}, {"description": "text"}),
    ("--max-session-duration 2h", {"max_session_duration": "2h"}, {"max_session_duration": 7200}),
    ("--audience vault", {"audience": "vault"}, {"audience": "vault"}),
]


@pytest.mark.parametrize(("words", "options", "wanted"), ROLES)
def test_a_role(words: str, options: dict[str, Any], wanted: dict[str, Any]) -> None:
    role = replace(SPEC, policies=(PolicyName("A"),), **wanted)
    assert created("-p", "A", *words.split()) == desired(role)
    assert of_options(policies=["A"], **options) == desired(role)


POLICIES = [
    ("-p A -p B", ["A", "B"], (PolicyName("A"), PolicyName("B"))),
    ("-p A -p A", ["A", "A"], (PolicyName("A"),)),
    ("-p reader.json -p A", ["reader.json", "A"], (READER, PolicyName("A"))),
]


@pytest.mark.parametrize(("words", "policies", "wanted"), POLICIES)
def test_policies(words: str, policies: list[str], wanted: tuple[Any, ...]) -> None:
    assert created(*words.split()) == desired(replace(SPEC, policies=wanted))
    assert of_options(policies=policies) == desired(replace(SPEC, policies=wanted))


SERVICE_ACCOUNTS = [
    ("--sts-regional-endpoints", {"sts_regional_endpoints": True}, {"sts_regional_endpoints": True}),
    ("--sts-regional-endpoints=false", {"sts_regional_endpoints": False}, {"sts_regional_endpoints": False}),
    ("--token-expiration 1h", {"token_expiration": "1h"}, {"token_expiration": 3600}),
    ("--field-manager me", {"field_manager": "me"}, {"field_manager": "me"}),
]


@pytest.mark.parametrize(("words", "options", "wanted"), SERVICE_ACCOUNTS)
def test_a_service_account(words: str, options: dict[str, Any], wanted: dict[str, Any]) -> None:
    asked = desired(replace(SPEC, policies=(PolicyName("A"),)), ServiceAccountSpec(**wanted))
    assert created("-p", "A", *words.split()) == asked
    assert of_options(policies=["A"], **options) == asked


OVERRIDES = [
    ("--adopt", "adopt", "adopt"),
    ("--replace-trust", "replace_trust", "replace_trust"),
    ("--rebind", "rebind", "rebind"),
    ("--force-conflicts", "force_conflicts", "force_conflicts"),
    ("--purge", "purge_policies", "purge"),
    ("--create-oidc-provider", "create_oidc_provider", "create_oidc_provider"),
    ("--create-namespace", "create_namespace", "create_namespace"),
]


@pytest.mark.parametrize(("flag", "option", "override"), OVERRIDES)
def test_what_lifts_a_refusal(flag: str, option: str, override: str) -> None:
    asked = desired(replace(SPEC, policies=(PolicyName("A"),)), **{override: True})
    assert created("-p", "A", flag) == asked
    assert of_options(policies=["A"], **{option: True}) == asked


CHANGES = [
    ("--remove-tag a --remove-tag b", {"remove_tags": ["a", "b"]}, {"removed_tags": ("a", "b")}),
    (
        "--remove-permissions-boundary",
        {"remove_permissions_boundary": True},
        {"permissions_boundary": NO_BOUNDARY},
    ),
    (
        "-a delete -p A -p gone.json",
        {"policies_absent": ["A", "gone.json"]},
        {"absent": (PolicyName("A"), InlineName("gone"))},
    ),
]


@pytest.mark.parametrize(("words", "options", "wanted"), CHANGES)
def test_what_is_taken_from_a_role(words: str, options: dict[str, Any], wanted: dict[str, Any]) -> None:
    """A task names the audience all the same: it describes the whole role, as a create does."""
    role = replace(SPEC, **wanted)
    assert updated(*words.split()) == replace(desired(replace(role, audience=None)), create_role=False)
    assert of_options(**options) == desired(role)


DELETES = [
    ("", {}, {}),
    ("--keep-role", {"keep_role": True}, {"keep_role": True}),
    ("--keep-service-account", {"keep_service_account": True}, {"keep_service_account": True}),
    ("--adopt", {"adopt": True}, {"overrides": DeleteOverrides(adopted_role=True)}),
    ("--rebind", {"rebind": True}, {"overrides": DeleteOverrides(role_of_earlier_cluster=True)}),
    ("--purge", {"purge_policies": True}, {"overrides": DeleteOverrides(policies_of_others=True)}),
    (
        "--force-conflicts",
        {"force_conflicts": True},
        {"overrides": DeleteOverrides(annotations_of_others=True)},
    ),
]


@pytest.mark.parametrize(("words", "options", "wanted"), DELETES)
def test_a_delete(words: str, options: dict[str, Any], wanted: dict[str, Any]) -> None:
    asked = DeleteRequest(desired(RoleSpec()), **wanted)
    assert deleted(*words.split()) == asked
    found = of_options(state="absent", audience=None, **options)
    assert isinstance(found, DeleteRequest)
    assert replace(found, desired=asked.desired) == asked
    assert found.desired.subject == asked.desired.subject


REFUSED = [
    ("--role-name", "role_name", "a b", "must contain only letters, digits and"),
    ("--path", "path", "team", "must begin and end with /"),
    ("--permissions-boundary", "permissions_boundary", "X", "must be an ARN"),
    ("--description", "description", "€", "contains a character that IAM does not allow"),
    ("--max-session-duration", "max_session_duration", "13h", "must be at"),
    ("--token-expiration", "token_expiration", "1m", "must be at"),
    ("--audience", "audience", "a b", "must contain only printable ASCII"),
    ("--field-manager", "field_manager", "x" * 129, "must be at most 128 characters, got 129"),
    ("--field-manager", "field_manager", "a\udcff", "must be UTF-8"),
]


@pytest.mark.parametrize(("flag", "option", "value", "sentence"), REFUSED)
def test_a_refusal_names_what_was_said(flag: str, option: str, value: str, sentence: str) -> None:
    with pytest.raises(InvalidValue) as of_argv:
        created("-p", "A", f"{flag}={value}")
    with pytest.raises(InvalidValue) as of_task:
        of_options(policies=["A"], **{option: value})
    shown = quoted(excerpt(value))
    assert str(of_argv.value).startswith(f"invalid value {shown} for {flag}: {sentence}")
    assert str(of_task.value) == str(of_argv.value).replace(flag, option)


@pytest.mark.parametrize(
    ("words", "options", "names", "sentence"),
    [
        (
            ("--tag", "A=1", "--tag", "a=2"),
            {"tags": {"A": 1, "a": 2}},
            ("--tag", "tags"),
            'invalid value "a=2" for {0}: must not repeat the key "A"',
        ),
        (
            ("--tag", "a=1", "--remove-tag", "A"),
            {"tags": {"a": 1}, "remove_tags": ["A"]},
            ("--remove-tag", "remove_tags"),
            'invalid value "A" for {0}: must not also be set with {1}',
        ),
        (
            ("--permissions-boundary", BOUNDARY, "--remove-permissions-boundary"),
            {"permissions_boundary": BOUNDARY, "remove_permissions_boundary": True},
            ("--permissions-boundary", "permissions_boundary"),
            f'invalid value "{BOUNDARY}" for {{0}}: cannot be combined with {{2}}',
        ),
        (
            ("-p", "a b"),
            {"policies": ["a b"]},
            ("--policy", "policies"),
            'invalid value "a b" for {0}: must be a policy name',
        ),
    ],
)
def test_contradictions_are_named_alike(
    words: tuple[str, ...], options: dict[str, Any], names: tuple[str, str], sentence: str
) -> None:
    with pytest.raises(InvalidValue) as of_argv:
        updated(*words)
    with pytest.raises(InvalidValue) as of_task:
        of_options(**options)
    flag, option = names
    assert str(of_argv.value).startswith(sentence.format(flag, "--tag", "--remove-permissions-boundary"))
    assert str(of_task.value).startswith(sentence.format(option, "tags", "remove_permissions_boundary"))


WHERE = [
    ("--cluster-name demo", {"cluster_name": "demo"}),
    ("--region eu-west-1", {"region": "eu-west-1"}),
    ("--profile dev", {"profile": "dev"}),
    ("--kubeconfig /config", {"kubeconfig": "/config"}),
    ("--context here", {"context": "here"}),
    ("-n web", {"namespace": "web"}),
    ("--server https://x", {"host": "https://x"}),
    ("--token SECRET", {"api_key": "SECRET"}),
    ("--certificate-authority /ca", {"ca_cert": "/ca"}),
    ("--client-certificate /cert", {"client_cert": "/cert"}),
    ("--client-key /key", {"client_key": "/key"}),
    ("--tls-server-name x", {"tls_server_name": "x"}),
    ("--insecure-skip-tls-verify", {"k8s_validate_certs": False}),
    ("--as me", {"impersonate_user": "me"}),
    ("--as-group a --as-group b", {"impersonate_groups": ["a", "b"]}),
    ("--as-uid 7", {"impersonate_uid": "7"}),
    ("--request-timeout 5s", {"request_timeout": "5s"}),
]


def where(found: Where) -> Where:
    """But for what tells the front ends apart for the services."""
    return replace(found, connection=replace(found.connection, user_agent=""))


@pytest.mark.parametrize(("words", "options"), WHERE)
def test_where_to_work(words: str, options: dict[str, Any]) -> None:
    nothing = where(where_of_options(params()))
    found = where(where_of_options(params(**options)))
    assert found != nothing
    assert where(where_of_argv(args("list", *words.split()), {})) == found


@pytest.mark.parametrize(
    ("words", "options", "names"),
    [
        ("--as=", {"impersonate_user": ""}, ("--as", "impersonate_user")),
        ("--as-group=", {"impersonate_groups": [""]}, ("--as-group", "impersonate_groups")),
        ("--server=ftp://x", {"host": "ftp://x"}, ("--server", "host")),
        ("--token=", {"api_key": ""}, ("--token", "api_key")),
        ("--region=x", {"region": "x"}, ("--region", "region")),
        ("--context=\udcff", {"context": "\udcff"}, ("--context", "context")),
        ("--request-timeout=2h", {"request_timeout": "2h"}, ("--request-timeout", "request_timeout")),
        (
            "--certificate-authority=/ca --insecure-skip-tls-verify",
            {"ca_cert": "/ca", "k8s_validate_certs": False},
            ("--certificate-authority", "ca_cert"),
        ),
    ],
)
def test_a_refusal_of_where_to_work_names_what_was_said(
    words: str, options: dict[str, Any], names: tuple[str, str]
) -> None:
    with pytest.raises(InvalidValue) as of_argv:
        where_of_argv(args("list", *words.split(" ")), {})
    with pytest.raises(InvalidValue) as of_task:
        where_of_options(params(**options))
    assert (of_argv.value.field, of_task.value.field) == names
    assert of_argv.value.value == of_task.value.value


def test_a_timeout_of_nothing_is_kubectls_word_for_no_limit() -> None:
    assert where_of_argv(args("list", "--request-timeout", "0"), {}).connection.request_timeout is None
    with pytest.raises(InvalidValue, match='invalid value "0" for request_timeout: must be at'):
        where_of_options(params(request_timeout="0"))


@pytest.mark.parametrize(
    ("flag", "bounds"),
    [("--max-session-duration", SESSION_SECONDS), ("--token-expiration", TOKEN_SECONDS)],
)
def test_the_help_says_the_limits(flag: str, bounds: tuple[int, int]) -> None:
    """It does not read them: it is to be fast."""
    said = re.search(r"(\w+) to (\w+)", build_parser().verbs()["create"].flags()[flag].help or "")
    assert said
    assert tuple(parse_duration(text, flag, *bounds) for text in said.groups()) == bounds
