"""The command lines of the control plane's servers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from pocket_eks.binary import Programs
from pocket_eks.blueprint import Blueprint
from pocket_eks.ports import HOST

CONTROLLERS = (
    "namespace-controller",
    "serviceaccount-controller",
    "root-ca-certificate-publisher-controller",
    "deployment-controller",
    "replicaset-controller",
    "garbage-collector-controller",
    "clusterrole-aggregation-controller",
)


@dataclass(frozen=True)
class ControlPlane:
    """The command lines of the programs of one world."""

    blueprint: Blueprint
    programs: Programs

    @property
    def etcd_url(self) -> str:
        return f"http://{HOST}:{self.blueprint.ports.etcd}"

    def etcd(self) -> list[str | Path]:
        client, peer = self.etcd_url, f"http://{HOST}:{self.blueprint.ports.etcd_peer}"
        return [
            self.programs.servers / "etcd",
            f"--data-dir={self.blueprint.directory / 'etcd'}",
            f"--listen-client-urls={client}",
            f"--advertise-client-urls={client}",
            f"--listen-peer-urls={peer}",
            f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster=default={peer}",
            # The data need not survive a power failure.
            "--unsafe-no-fsync",
            "--log-level=warn",
        ]

    def apiserver(self, tokens: Path) -> list[str | Path]:
        """Return the command line of the API server.

        `tokens` is its file of static bearer tokens. The gate reviews other tokens.
        """
        pki, issuer = self.blueprint.pki, self.blueprint.issuer
        return [
            self.programs.servers / "kube-apiserver",
            f"--etcd-servers={self.etcd_url}",
            f"--bind-address={HOST}",
            f"--advertise-address={HOST}",
            # Otherwise it publishes the loopback address as an endpoint, which is invalid.
            "--endpoint-reconciler-type=none",
            f"--secure-port={self.blueprint.ports.apiserver}",
            f"--tls-cert-file={pki.cert}",
            f"--tls-private-key-file={pki.key}",
            f"--cert-dir={self.blueprint.directory}",
            f"--service-account-issuer={issuer}",
            f"--service-account-jwks-uri={issuer}/keys",
            f"--service-account-key-file={pki.sa_public}",
            f"--service-account-signing-key-file={pki.sa_key}",
            "--service-cluster-ip-range=10.0.0.0/24",
            "--authorization-mode=Node,RBAC",
            f"--token-auth-file={tokens}",
            f"--authentication-token-webhook-config-file={self._review_config()}",
            "--authentication-token-webhook-version=v1",
            # Do not cache the result of a token review for long.
            "--authentication-token-webhook-cache-ttl=5s",
            "--allow-privileged=true",
            "--profiling=false",
        ]

    def controller_manager(self, kubeconfig: Path) -> list[str | Path]:
        pki = self.blueprint.pki
        return [
            self.programs.controller_manager,
            f"--kubeconfig={kubeconfig}",
            f"--controllers={','.join(CONTROLLERS)}",
            f"--service-account-private-key-file={pki.sa_key}",
            f"--root-ca-file={pki.ca}",
            f"--cert-dir={self.blueprint.directory}",
            "--leader-elect=false",
            "--secure-port=0",
        ]

    def _review_config(self) -> Path:
        path = self.blueprint.directory / "reviews.json"
        server = f"{self.blueprint.control_url}/tokenreview"
        path.write_text(
            json.dumps(
                {
                    "apiVersion": "v1",
                    "kind": "Config",
                    "clusters": [{"name": "reviews", "cluster": {"server": server}}],
                    "users": [{"name": "apiserver", "user": {}}],
                    "contexts": [{"name": "reviews", "context": {"cluster": "reviews", "user": "apiserver"}}],
                    "current-context": "reviews",
                }
            )
        )
        return path
