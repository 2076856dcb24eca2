"""The ServiceAccount, with its role and pods, that a breakage breaks and doctor checks."""

from __future__ import annotations

import json
import shlex
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from e2e.aws_cli import aws_cli
from e2e.shop import ROLE_ARN, S3, Shop
from e2e.warm import Warm
from pocket_eks.control import Control

Json = dict[str, Any]
Done = subprocess.CompletedProcess[str]

# Controllers take some seconds to replace pods.
SETTLES = 20.0


@dataclass
class Patient:
    """`target` are the arguments of doctor. The functions in `undo` run at the end of the test."""

    shop: Shop
    warm: Warm
    control: Control
    eks: Any
    boundary: str
    target: tuple[str, ...] = ("shop",)
    undo: list[Callable[[], Any]] = field(default_factory=list)

    # Results of doctor

    def examine(self) -> Json:
        """The diagnosis of the target, as in the JSON output."""
        found: Json = self.document()["status"]["diagnosis"]
        return found

    def document(self) -> Json:
        """The JSON document that doctor prints for the target."""
        argv = ["doctor", *self.target, "-n", self.shop.namespace, "-o", "json"]
        done = self.warm.run(argv, self.shop.world.environ)
        assert "Traceback" not in done.stderr, done.stderr
        assert done.stdout, done.stderr
        found: Json = json.loads(done.stdout)
        assert done.returncode == (0 if found["status"]["diagnosis"]["well"] else 1), done.stderr
        return found

    def examine_until(self, is_so: Callable[[Json], bool]) -> Json:
        """The first diagnosis for which `is_so` is true, or the last one before the timeout."""
        end = time.monotonic() + SETTLES
        while not is_so(found := self.examine()) and time.monotonic() < end:
            time.sleep(0.3)
        return found

    def verify(self) -> int:
        """The exit code of verify."""
        argv = ["verify", "shop", "-n", self.shop.namespace]
        return self.warm.run(argv, self.shop.world.environ).returncode

    def run(self, command: str) -> None:
        """Run a remedy literally, with its placeholders filled in."""
        fillings = {"POLICY": S3, "POLICY_ARN": self.boundary}
        program, *words = [fillings.get(word, word) for word in shlex.split(command)]
        if (program, words[0]) == ("kubectl", "iamsa"):
            yes = ["--yes"] if words[1] == "delete" else []
            done = self.warm.run([*words[1:], *yes], self.shop.world.environ)
        elif program == "kubectl":
            done = self.shop.kubectl(*words)
        else:
            assert program == "aws", command
            # As an administrator: iamsa itself never has these permissions.
            world = self.shop.world
            keys = {
                "AWS_ACCESS_KEY_ID": world.variables["WORLD_ADMIN_ACCESS_KEY_ID"],
                "AWS_SECRET_ACCESS_KEY": world.variables["WORLD_ADMIN_SECRET_ACCESS_KEY"],
            }
            argv = [str(aws_cli()), *words]
            environ = {**world.environ, **keys}
            done = subprocess.run(argv, env=environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"

    # Its pods

    def deploy(self, *, service_account: str | None = "shop", **template: Any) -> None:
        """A Deployment `app` of one pod, which exists when this returns; `template` holds more of its pods'
        labels, annotations, containers and spec."""
        labels = {"app": "app", **template.pop("labels", {})}
        containers = template.pop("containers", [{}])
        spec = {
            "containers": [{"name": f"c{n}", "image": "app", **one} for n, one in enumerate(containers)],
            **({"serviceAccountName": service_account} if service_account else {}),
            **template.pop("spec", {}),
        }
        metadata = {"labels": labels, "annotations": template.pop("annotations", {})}
        assert not template
        workload = {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": "app"},
            "spec": {
                "replicas": 1,
                "selector": {"matchLabels": {"app": "app"}},
                "template": {"metadata": metadata, "spec": spec},
                # Delete the old pod first: without a node, no new one becomes ready.
                "strategy": {"type": "Recreate"},
            },
        }
        self.shop.apply(workload)
        self.wait_for_pods()

    def wait_for_pods(self) -> None:
        end = time.monotonic() + SETTLES
        while "app" not in self.shop.ok("get", "pods", "-n", self.shop.namespace, "-o", "name"):
            assert time.monotonic() < end, "the controllers make no pods"
            time.sleep(0.1)

    def pod(self, **template: Any) -> None:
        """A bare pod `app`."""
        containers = template.pop("containers", [{}])
        spec = {
            "serviceAccountName": "shop",
            "containers": [{"name": f"c{n}", "image": "app", **one} for n, one in enumerate(containers)],
            **template.pop("spec", {}),
        }
        self.shop.apply(
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "app", **template}, "spec": spec},
            "create",
        )

    @staticmethod
    def wait_a_second() -> None:
        """Wait until the next second, because Kubernetes truncates timestamps to seconds."""
        time.sleep(1.1)

    # The webhook

    def change_webhook(self, change: Callable[[Json], Any], name: str = "pod-identity-webhook") -> None:
        """Replace the webhook's registration by a changed one named `name`, until the test ends.

        If `change` returns False, the registration is deleted.
        """
        kind, usual = "mutatingwebhookconfiguration", "pod-identity-webhook"
        before = json.loads(self.shop.ok("get", kind, usual, "-o", "json"))
        before["metadata"] = {"name": usual}

        def put_back() -> None:
            self.shop.kubectl("delete", kind, name, "--ignore-not-found")
            self.shop.ok("create", "-f", "-", stdin=json.dumps(before))
            self.wait_for_webhook()

        self.undo.append(put_back)
        after = json.loads(json.dumps({**before, "metadata": {"name": name}}))
        self.shop.ok("delete", kind, usual)
        if change(after["webhooks"][0]) is not False:
            self.shop.ok("create", "-f", "-", stdin=json.dumps(after))
        # The API server notices the change by a watch.
        time.sleep(1)

    def wait_for_webhook(self) -> None:
        """Wait until the API server calls the webhook again."""
        self.shop.apply(
            {
                "apiVersion": "v1",
                "kind": "ServiceAccount",
                "metadata": {
                    "name": "told",
                    "annotations": {ROLE_ARN: "arn:aws:iam::123456789012:role/told"},
                },
            }
        )
        spec = {"serviceAccountName": "told", "containers": [{"name": "told", "image": "told"}]}
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "told"}, "spec": spec}
        end = time.monotonic() + SETTLES
        while "AWS_ROLE_ARN" not in json.dumps(self.shop.apply(pod, "create", "--dry-run=server")):
            assert time.monotonic() < end, "the webhook does not come back"
            time.sleep(0.1)

    def put_back(self) -> None:
        while self.undo:
            self.undo.pop()()
