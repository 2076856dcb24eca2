"""Runs ministack on 127.0.0.1 with all AWS managed policies. ministack itself has 34 of them.

Run as a file by the Python that has ministack: `python -I serve.py PORT POLICIES`. POLICIES is the path of
moto's module with the policies, which is read as text because importing moto would need its dependencies.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from typing import Any, cast

Json = dict[str, Any]


def main() -> None:
    """Serve until killed."""
    port, policies = sys.argv[1:]
    # ministack reads its environment when it is imported.
    os.environ.update(GATEWAY_PORT=port, BIND_HOST="127.0.0.1")
    from ministack.app import main as serve  # noqa: PLC0415
    from ministack.services import iam  # noqa: PLC0415

    for name, policy in published(policies).items():
        record = entry(name, policy)
        iam._aws_managed_policies[record["Arn"]] = record
    sys.argv[1:] = []
    serve()


def published(module: str) -> dict[str, Json]:
    """Return the managed policies by name, from the path of moto's module."""
    spec = importlib.util.spec_from_file_location("aws_managed_policies", module)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return cast("dict[str, Json]", json.loads(loaded.aws_managed_policies_data))


def entry(name: str, policy: Json) -> Json:
    """Return a policy in the form in which ministack stores AWS managed policies."""
    from ministack.services import iam  # noqa: PLC0415

    path, version = policy["Path"], policy["DefaultVersionId"]
    made: Json = iam._make_aws_managed_record(
        f"{path}{name}".removeprefix("/"), json.dumps(policy["Document"])
    )
    dates = {key: policy[key].replace("+00:00", "Z") for key in ("CreateDate", "UpdateDate")}
    document = {**made["Versions"]["v1"], "VersionId": version, "CreateDate": dates["UpdateDate"]}
    return {**made, **dates, "DefaultVersionId": version, "Versions": {version: document}}


if __name__ == "__main__":
    main()
