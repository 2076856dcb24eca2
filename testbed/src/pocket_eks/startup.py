"""Starts the servers of a world, in parallel where possible."""

from __future__ import annotations

import json
import os
import sys
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from pocket_eks.binary import Programs
from pocket_eks.blueprint import Blueprint
from pocket_eks.cluster import ControlPlane
from pocket_eks.emulators import EMULATORS, register_provider
from pocket_eks.environment import (
    ACCESS_KEY,
    ADMIN_ACCESS_KEY,
    ADMIN_SECRET_KEY,
    SECRET_KEY,
    clean,
    without_proxy,
)
from pocket_eks.kubeconfig import Server, write_eks, write_static
from pocket_eks.objects import NARROW, narrow_user, pod_identity_webhook
from pocket_eks.ports import answers
from pocket_eks.rest import Json, Rest
from pocket_eks.servers import Servers


def bring_up(blueprint: Blueprint, programs: Programs, servers: Servers) -> None:
    """Start everything, and return when it works.

    Raises:
        WorldError: a server does not start.
    """
    settings, directory = blueprint.settings, blueprint.directory
    env = server_environment(directory)
    emulator = EMULATORS[settings.emulator]
    servers.start(
        settings.emulator,
        emulator.argv(blueprint.ports.emulator),
        env | emulator.env(settings.account, settings.region),
    )
    write_tokens(directory / "tokens.csv", blueprint)
    write_kubeconfigs(blueprint)
    plane = ControlPlane(blueprint, programs)
    servers.start("etcd", plane.etcd(), env)
    servers.start("kube-apiserver", plane.apiserver(directory / "tokens.csv"), env)
    start_module(servers, "gate", blueprint.gate_config(), env)
    start_module(servers, "webhook", blueprint.webhook_config(), env)

    api = Rest(blueprint.apiserver_url, blueprint.pki.ca, blueprint.admin)
    servers.wait("kube-apiserver", api.is_ready)
    servers.start("kube-controller-manager", plane.controller_manager(directory / "kubeconfig-admin"), env)
    for path, thing in [pod_identity_webhook(blueprint.webhook_url, blueprint.pki.ca), *narrow_user()]:
        api.create(path, thing)
    servers.wait(settings.emulator, lambda: answers(blueprint.ports.emulator))
    register_provider(blueprint.emulator_url, blueprint.issuer, settings.region)
    servers.wait("webhook", lambda: answers(blueprint.ports.webhook))
    servers.wait("gate", lambda: is_well(f"{blueprint.control_url}/healthz"))
    servers.wait("kube-controller-manager", lambda: has_service_accounts(api))


def server_environment(directory: Path) -> dict[str, str]:
    env = clean(os.environ)
    return {
        **env,
        **without_proxy(env),
        "TMPDIR": str(directory),
        # The keys whose signatures the gate accepts.
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "WORLD_ADMIN_ACCESS_KEY_ID": ADMIN_ACCESS_KEY,
        "WORLD_ADMIN_SECRET_ACCESS_KEY": ADMIN_SECRET_KEY,
    }


def write_tokens(path: Path, blueprint: Blueprint) -> None:
    path.touch(mode=0o600)
    path.write_text(f'{blueprint.admin},world,world,"system:masters"\n{blueprint.narrow},{NARROW},{NARROW}\n')


def write_kubeconfigs(blueprint: Blueprint) -> None:
    directory, ca = blueprint.directory, blueprint.pki.ca
    gate, apiserver = Server(blueprint.kube_url, ca), Server(blueprint.apiserver_url, ca)
    write_eks(directory / "kubeconfig", gate, blueprint.settings.cluster_arn)
    write_static(
        directory / "kubeconfig-narrow",
        gate,
        blueprint.settings.cluster_arn,
        blueprint.narrow,
        namespace=NARROW,
    )
    # The controllers connect directly to the API server: the gate logs and breaks only the calls of users.
    write_static(directory / "kubeconfig-admin", apiserver, "admin", blueprint.admin)


def start_module(servers: Servers, name: str, config: Json, env: Mapping[str, str]) -> None:
    """Start `python -m pocket_eks.NAME` with its configuration in a file."""
    path = servers.directory / f"{name}.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps(config, indent=2))
    servers.start(name, [sys.executable, "-m", f"pocket_eks.{name}", path], env)


def is_well(url: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5):
            return True
    except OSError:
        return False


def has_service_accounts(api: Rest) -> bool:
    """Return whether both namespaces have their default ServiceAccount, which the controllers create."""
    paths = (f"/api/v1/namespaces/{namespace}/serviceaccounts/default" for namespace in ("default", NARROW))
    return all(api.get(path) is not None for path in paths)
