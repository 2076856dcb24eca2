"""Check mode of `iamsa.eks.iam_serviceaccount` foretells all that the run returns."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from collection.states import (
    POWER,
    READER,
    Json,
    Prepare,
    after,
    annotated_with_another,
    annotated_with_it,
    asked,
    bounded,
    drifted,
    made,
    nothing,
    somebody_s_role,
)
from e2e.outside_changes import of_an_earlier_cluster, put_by_hand, trusted_besides
from e2e.shop import S3, SQS, Shop, aws_managed

Foretold = Callable[[Json], None]

pytestmark = [pytest.mark.warm, pytest.mark.usefixtures("cluster_admin")]

CASES: dict[str, tuple[Prepare, Json]] = {
    "a first run": (nothing, {"policies": [S3], "tags": {"team": "web"}, "max_session_duration": "2h"}),
    "a document": (nothing, {"policies": [{"name": "reader", "document": READER}]}),
    "a bounded role": (nothing, {"permissions_boundary": POWER}),
    "the name of gen3": (nothing, {"policies": [S3], "role_name_style": "gen3"}),
    "a namespace": (nothing, {"namespace": "{namespace}-new", "create_namespace": True}),
    "a policy more": (made, {"policies": ["AmazonSNSReadOnlyAccess"]}),
    "just these": (made, {"policies": [SQS], "purge_policies": True}),
    "a policy less": (made, {"policies_absent": [SQS, "not-there"], "remove_tags": ["team"]}),
    "a repair": (drifted, {"policies": [S3]}),
    "annotations": (made, {"sts_regional_endpoints": True, "token_expiration": "1h"}),
    "settings": (
        made,
        {"description": "of the shop", "max_session_duration": "4h", "tags": {"team": "shop"}},
    ),
    "another boundary": (bounded, {"permissions_boundary": aws_managed("ReadOnlyAccess")}),
    "no boundary": (bounded, {"remove_permissions_boundary": True}),
    "another role": (made, {"role_name": "{namespace}-role", "force_conflicts": True}),
    "adopt": (somebody_s_role, {"policies": [S3], "adopt": True}),
    "adopt, just these": (somebody_s_role, {"policies": [S3], "adopt": True, "purge_policies": True}),
    "adopt, of the annotation": (annotated_with_it, {"policies": [S3], "adopt": True}),
    "adopt, unmanaged trust": (after(trusted_besides), {"policies": [SQS], "adopt": True}),
    "replace_trust": (after(trusted_besides), {"replace_trust": True}),
    "rebind": (after(of_an_earlier_cluster), {"rebind": True}),
    "force_conflicts, another annotation": (annotated_with_another, {"force_conflicts": True}),
    "force_conflicts, another document": (
        after(put_by_hand),
        {"policies": [{"name": "by-hand", "document": READER}], "force_conflicts": True},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_run_does_what_was_foretold(shop: Shop, foretold: Foretold, case: str) -> None:
    prepare, options = CASES[case]
    prepare(shop)
    foretold(asked(shop, options))
