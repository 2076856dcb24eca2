"""Both front ends have the same options; what differs is listed here, with the reason."""

from __future__ import annotations

from dataclasses import fields

import pytest
from kubectl_iamsa.requests import field_names as of_argv
from kubectl_iamsa.spelling import MODULE_OPTIONS
from kubectl_iamsa.verb_tree import build_parser

from ansible_collections.iamsa.eks.plugins.module_utils.request.request import Request
from ansible_collections.iamsa.eks.plugins.module_utils.request.target import TargetRequest
from ansible_collections.iamsa.eks.plugins.module_utils.task import field_names as of_task
from ansible_collections.iamsa.eks.plugins.module_utils.task.arguments import (
    AWS_ARGUMENTS,
    INFO_ARGUMENTS,
    K8S_ARGUMENTS,
    PROVIDER_ARGUMENTS,
    RENAMED,
    service_account_arguments,
)

# The verbs that do what a module does, and its options.
MODULES = {
    "iam_serviceaccount": (("create", "update", "delete"), service_account_arguments()),
    "iam_serviceaccount_info": (("list", "describe", "verify", "doctor"), INFO_ARGUMENTS),
}

# What the two call otherwise, dashes and underscores aside.
OTHER_NAMES = {
    "as": "as kubernetes.core",
    "as_group": "as kubernetes.core",
    "as_uid": "beside those of kubernetes.core",
    "certificate_authority": "as kubernetes.core",
    "client_certificate": "as kubernetes.core",
    "insecure_skip_tls_verify": "as kubernetes.core, but that AWS has a validate_certs too",
    "policy": "a flag repeats, and an option is a list",
    "purge": "a task purges audiences and tags of a provider as well",
    "remove_tag": "a flag repeats, and an option is a list",
    "server": "as kubernetes.core",
    "tag": "a flag repeats, and an option is a dictionary",
    "token": "as kubernetes.core",
}
# Of the command line alone.
FLAGS = {
    "action": "policies and policies_absent say it without a verb",
    "allow_outside": "goes with filename",
    "all": "without a name, all of the namespace are verified",
    "as_user_extra": "kubernetes.core has no option for it; a kubeconfig's user does it",
    "can": "a playbook proves that a role is there, and asks IAM's own modules what it may do",
    "cluster": "kubernetes.core has no option for it; a context does it",
    "color": "a task prints nothing",
    "diff": "diff mode",
    "disable_compression": "kubernetes.core has no option for it, and iamsa asks for none",
    "dry_run": "check mode",
    "expect_cluster": "goes with filename",
    "filename": "service_accounts lists them in the task",
    "help": "ansible-doc",
    "ignore_not_found": "what is not there is absent already",
    "kustomize": "goes with filename",
    "no_headers": "a task returns its result",
    "on": "goes with can",
    "recursive": "goes with filename",
    "output": "a task returns its result",
    "selector": "a filter of Jinja does it",
    "user": "kubernetes.core has no option for it; a context does it",
    "verbose": "ansible-playbook has a -v of its own",
    "yes": "a task has nobody to ask",
}
# Of the modules alone.
OPTIONS = {
    "access_key": "as amazon.aws; the command line has the environment",
    "aws_ca_bundle": "as amazon.aws; the command line has AWS_CA_BUNDLE",
    "doctor": "the verb doctor",
    "endpoint_url": "as amazon.aws; the command line has AWS_ENDPOINT_URL",
    "policies_absent": "update -a delete -p",
    "secret_key": "as amazon.aws; the command line has the environment",
    "service_accounts": "many in one task; a shell has loops",
    "session_token": "as amazon.aws; the command line has the environment",
    "state": "the verbs create and delete",
    "validate_certs": "as amazon.aws",
    "verify": "the verb verify",
    "wait_timeout": "the time in --wait=TIME",
}
# Of iam_oidc_provider alone: the command line makes a provider where it needs one, and changes none.
PROVIDER_OPTIONS = {
    "audiences": "create adds the one audience that it needs",
    "force": "no verb deletes a provider, so none is kept from it by the roles that trust it",
    "issuer_url": "a verb works on a cluster, which has the issuer",
    "purge_audiences": "create adds to a provider, and takes nothing from it",
    "purge_tags": "--purge-tags removes tags of the role",
    "state": "no verb deletes a provider",
    "tags": "--tag tags the role; no verb tags a provider",
}
# Flags that have an option in the one module, but not in the other.
NOT_THERE = {"iam_serviceaccount_info": {"wait": "iam_serviceaccount waits, and its result can be verified"}}
# What no option says, but the front end itself.
FIELDS = {
    "assume_namespace": "check mode",
    "create_role": "the verb: an update needs a role that is there",
}


def flags_of(*verbs: str) -> set[str]:
    """By their long names, with underscores."""
    found = build_parser().verbs()
    words = {
        word
        for verb in verbs
        for action in found[verb].actions()
        for word in action.option_strings[-1:] or [action.dest]
    }
    return {word.removeprefix("--").replace("-", "_") for word in words}


def options_of(module: str) -> set[str]:
    return {*MODULES[module][1], *AWS_ARGUMENTS, *K8S_ARGUMENTS}


ALL_FLAGS = {flag for verbs, _ in MODULES.values() for flag in flags_of(*verbs)}
ALL_OPTIONS = {option for module in MODULES for option in options_of(module)}


@pytest.mark.parametrize("module", MODULES)
def test_each_flag_is_an_option(module: str) -> None:
    flags = flags_of(*MODULES[module][0]) - FLAGS.keys() - NOT_THERE.get(module, {}).keys()
    assert {RENAMED.get(flag, flag) for flag in flags} - options_of(module) == set()


@pytest.mark.parametrize("module", MODULES)
def test_each_option_is_a_flag(module: str) -> None:
    flags = {RENAMED.get(flag, flag) for flag in flags_of(*MODULES[module][0])}
    assert options_of(module) - OPTIONS.keys() - flags == set()


def test_no_flag_does_what_an_option_of_a_provider_does() -> None:
    assert PROVIDER_OPTIONS.keys() == PROVIDER_ARGUMENTS.keys()


def test_an_option_that_the_command_line_lacks_is_said_to_be_a_modules() -> None:
    assert MODULE_OPTIONS.keys() <= PROVIDER_OPTIONS.keys() - ALL_FLAGS
    assert set(MODULE_OPTIONS.values()) == {"iam_oidc_provider"}


def test_every_other_name_has_its_reason() -> None:
    assert OTHER_NAMES.keys() == RENAMED.keys()
    assert RENAMED.keys() - ALL_FLAGS == set()
    assert set(RENAMED.values()) - ALL_OPTIONS == set()


def test_no_difference_is_listed_in_vain() -> None:
    assert FLAGS.keys() - ALL_FLAGS == set()
    assert FLAGS.keys() & ALL_OPTIONS == set()
    assert OPTIONS.keys() - ALL_OPTIONS == set()
    assert OPTIONS.keys() & {RENAMED.get(flag, flag) for flag in ALL_FLAGS} == set()
    for module, flags in NOT_THERE.items():
        assert flags.keys() & options_of(module) == set()
        assert flags.keys() - flags_of(*MODULES[module][0]) == set()


@pytest.mark.parametrize(
    "field", [one.name for one in (*fields(Request), *fields(TargetRequest)) if one.name not in FIELDS]
)
def test_a_field_of_a_request_is_both_a_flag_and_an_option(field: str) -> None:
    flag, option = of_argv.named(field).removeprefix("--").replace("-", "_"), of_task.option_of(field)
    if field != "name" and option not in OPTIONS:
        assert flag in ALL_FLAGS
        assert RENAMED.get(flag, flag) == option or flag in FLAGS
    assert option in ALL_OPTIONS or option in FLAGS
