"""`kubectl iamsa apply` in the world: a folder, kustomize and stdin. The rest is in unit/runs."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from e2e.shop import S3, Shop


def manifest(name: str, namespace: str) -> str:
    head = "apiVersion: iamsa/v1alpha1\nkind: ServiceAccountRole\n"
    return f"---\n{head}metadata: {{name: {name}, namespace: {namespace}}}\nspec: {{policies: [{S3}]}}\n"


def test_a_folder_is_applied_once(shop: Shop, new_shop: Callable[[], Shop], tmp_path: Path) -> None:
    names = []
    for number, namespace in enumerate((shop.namespace, new_shop().namespace, new_shop().namespace)):
        (tmp_path / f"{number}.yaml").write_text(manifest("a", namespace) + manifest("b", namespace))
        names += [f"{namespace}/a", f"{namespace}/b"]
    first = shop.iamsa("apply", "-f", str(tmp_path)).stdout.splitlines()
    assert first == [*(f"{name} created" for name in names), "6 created"]
    assert shop.iamsa("apply", "-f", str(tmp_path)).stdout == "6 unchanged\n"


def test_stdin_and_kustomize_are_read(shop: Shop, tmp_path: Path) -> None:
    text = manifest("a", shop.namespace)
    argv = ["kubectl", "iamsa", "apply", "-f", "-"]
    done = subprocess.run(
        argv, env=shop.world.environ, input=text, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "1 created"
    (tmp_path / "kustomization.yaml").write_text("resources: [roles.yaml]\n")
    (tmp_path / "roles.yaml").write_text(text)
    assert shop.iamsa("apply", "-k", str(tmp_path)).stdout == "1 unchanged\n"


def test_after_ctrl_c_the_same_command_continues(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "roles.yaml"
    path.write_text("".join(manifest(f"app-{number:02}", shop.namespace) for number in range(40)))
    argv = ["kubectl", "iamsa", "apply", "-f", str(path)]
    pipe = subprocess.PIPE
    running = subprocess.Popen(argv, env=shop.world.environ, stdout=pipe, stderr=pipe, text=True)
    assert running.stdout
    assert running.stderr
    first = running.stdout.readline()
    running.send_signal(signal.SIGINT)
    # Not communicate(), which would lose what readline() has read ahead.
    out, err = running.stdout.read(), running.stderr.read()
    assert running.wait(60) == 130, err
    done = [line for line in (first + out).splitlines() if line.endswith(" created")]
    assert err.count("not done: ") == 40 - len(done)
    last = shop.iamsa("apply", "-f", str(path)).stdout.splitlines()[-1]
    assert last == f"{40 - len(done)} created, {len(done)} unchanged"
