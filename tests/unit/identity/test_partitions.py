"""The addresses of API servers in every partition that botocore knows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from botocore.loaders import create_loader

from ansible_collections.iamsa.eks.plugins.module_utils.cluster.infer_eks import infer
from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.identity.arn import Arn
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.context import select
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.kubeconfig import parse
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.options import ConnectionOptions
from ansible_collections.iamsa.eks.plugins.module_utils.model.names import check_boundary, check_region

ID = "0123456789ABCDEF0123456789ABCDEF"


def regions() -> Iterator[tuple[str, str, str, str]]:
    """Partition, region, and both suffixes."""
    outputs = {one["id"]: one["outputs"] for one in create_loader().load_data("partitions")["partitions"]}
    for partition in create_loader().load_data("endpoints")["partitions"]:
        name = partition["partition"]
        for region in partition["regions"]:
            yield name, region, outputs[name]["dnsSuffix"], outputs[name]["dualStackDnsSuffix"]


def region_of(server: str) -> str | None:
    document = {
        "current-context": "c",
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
        "clusters": [{"name": "c", "cluster": {"server": server}}],
        "users": [{"name": "u", "user": {}}],
    }
    return infer(select(parse(yaml.safe_dump(document), Path("/k")), ConnectionOptions(), Deadline(5))).region


@pytest.mark.parametrize(("partition", "region", "suffix", "dual_stack"), [*regions()])
def test_every_region_is_told_by_the_address(
    partition: str, region: str, suffix: str, dual_stack: str
) -> None:
    assert region_of(f"https://{ID}.gr7.{region}.eks.{suffix}") == region
    # Older versions of botocore know no suffix of their own for some.
    if dual_stack != suffix:
        assert region_of(f"https://{ID}.gr7.eks-cluster.{region}.{dual_stack}") == region
    assert check_region(region) == region
    boundary = f"arn:{partition}:iam::123456789012:policy/b"
    assert check_boundary(boundary) == boundary
    arn = Arn.parse(f"arn:{partition}:eks:{region}:123456789012:cluster/demo")
    assert arn
    assert arn.partition == partition
