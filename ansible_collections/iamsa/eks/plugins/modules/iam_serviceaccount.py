#!/usr/bin/python
# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM roles for the ServiceAccounts of an EKS cluster."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: iam_serviceaccount
short_description: Give a Kubernetes ServiceAccount on EKS its own IAM role
version_added: 0.1.0
author:
  - The iamsa authors (@iamsa)
description:
  - Makes sure that the IAM role of a ServiceAccount exists, with a trust policy for just this
    ServiceAccount and with its policies, and that the ServiceAccount exists and names the role.
  - With O(state=absent), takes away what it made.
  - Never changes a role that it does not own without O(adopt). Reads what is there first; where nothing
    is to do, it writes nothing.
options:
  name:
    description:
      - Name of the ServiceAccount. Either this or O(service_accounts) is needed.
    type: str
  state:
    description: &state
      - V(present) makes sure that the role, its policies and the ServiceAccount are as asked for.
      - V(absent) deletes the role and the ServiceAccount, but only what iamsa made.
    type: str
    choices: [present, absent]
    default: present
  namespace:
    description: &namespace
      - Namespace of the ServiceAccount.
      - If it is left out, the namespace of the context, else V(default).
    type: str
  policies:
    description: &policies
      - Policies that the role is to have; others that it has stay, unless O(purge_policies) is set.
      - A text is the name or ARN of a managed policy, or a file with a policy document - C(file://...),
        a path with a C(/), or a name that ends in C(.json) - which becomes an inline policy named after
        it.
      - A mapping is an inline policy, with its C(name) and its C(document), which is a mapping or its JSON
        text, as the lookup C(ansible.builtin.template) gives it.
    type: list
    elements: raw
    default: []
  policies_absent:
    description: &policies_absent
      - Policies that the role is not to have - the name or ARN of a managed policy, the name of an
        inline policy, or its file.
    type: list
    elements: str
    default: []
  purge_policies:
    description: &purge_policies
      - Whether to remove every policy that is not in O(policies).
      - With O(state=absent), whether to remove also policies that iamsa did not put on the role.
    type: bool
    default: false
  role_name:
    description: &role_name
      - Name of the role. If it is left out, the one that the ServiceAccount's annotation names, else
        one that is derived from account, region, cluster, namespace and name.
    type: str
  role_name_style:
    description: &role_name_style
      - How a role without O(role_name) is named.
      - V(gen3) means C(<cluster>-<name>-role) under the path C(/), as gen3's script named it.
    type: str
    choices: [derived, gen3]
    default: derived
  path:
    description: &path
      - Path of a new role, V(/iamsa/) unless another is given. A role that exists cannot be moved.
    type: str
  permissions_boundary:
    description: &permissions_boundary
      - ARN of the managed policy that bounds the role. If it is left out, the boundary stays as it is.
    type: str
  remove_permissions_boundary:
    description: &remove_permissions_boundary
      - Whether to remove the role's boundary.
    type: bool
    default: false
  tags:
    description: &tags
      - Tags that the role is to have; others stay.
    type: dict
    default: {}
  remove_tags:
    description: &remove_tags
      - Keys of tags that the role is not to have.
    type: list
    elements: str
    default: []
  description:
    description: &description
      - Description of the role.
    type: str
  max_session_duration:
    description: &max_session_duration
      - Longest session, V(1h) to V(12h) or in seconds. A new role has V(1h).
    type: str
  audience:
    description: &audience
      - Audience of the pods' tokens.
    type: str
    default: sts.amazonaws.com
  create_namespace:
    description: &create_namespace
      - Whether to create the namespace if it is missing.
    type: bool
    default: false
  sts_regional_endpoints:
    description: &sts_regional_endpoints
      - Whether pods use the region's STS endpoint. If it is left out, the annotation stays as it is.
    type: bool
  token_expiration:
    description: &token_expiration
      - Lifetime of the pods' tokens, V(10m) to V(24h) or in seconds. If it is left out, the annotation
        stays as it is.
    type: str
  field_manager:
    description: &field_manager
      - Name under which annotations are written.
    type: str
    default: kubectl-iamsa
  create_oidc_provider:
    description: &create_oidc_provider
      - Whether to create the cluster's OIDC provider, or to add the audience to it, if it is missing.
    type: bool
    default: false
  adopt:
    description: &adopt
      - Whether to take over a role that is not this ServiceAccount's; its other trust and policies
        stay.
      - With O(state=absent), whether to delete also a role that was taken over.
    type: bool
    default: false
  replace_trust:
    description: &replace_trust
      - Whether to remove trust statements that iamsa did not add, and further conditions on its own. A
        statement for pods.eks.amazonaws.com stays while a Pod Identity association of the cluster uses the
        role, and where that is not known.
    type: bool
    default: false
  rebind:
    description: &rebind
      - Whether to bind a role of an earlier cluster of the same name to the cluster of today.
    type: bool
    default: false
  force_conflicts:
    description: &force_conflicts
      - Whether to overwrite annotations that somebody else set, and an inline policy that iamsa did not
        put on the role.
    type: bool
    default: false
  wait:
    description: &wait
      - With O(state=present), whether to wait at the end until AWS lets the ServiceAccount's pods assume the
        role, which a new role allows only after some seconds. The task fails if it does not in time.
      - It is proven with a token of the ServiceAccount, and needs create on serviceaccounts/token. Not done
        in check mode.
    type: bool
    default: false
  wait_timeout:
    description: &wait_timeout
      - How long to wait with O(wait), from V(1s) to V(1h). O(timeout) limits it too.
    type: str
    default: 60s
  keep_role:
    description: &keep_role
      - With O(state=absent), whether to keep the role and its policies; only the ServiceAccount loses
        it.
    type: bool
    default: false
  keep_service_account:
    description: &keep_service_account
      - With O(state=absent), whether to keep a ServiceAccount that iamsa made; only iamsa's annotations
        are removed.
    type: bool
    default: false
  service_accounts:
    description:
      - Many ServiceAccounts in one task and one process, side by side; what they share is read once.
      - All other options of the task hold for each of them, unless the item says otherwise.
      - One that fails does not keep the others from being done; the task then fails and names it.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - Name of the ServiceAccount.
        type: str
        required: true
      state:
        description: *state
        type: str
        choices: [present, absent]
      namespace:
        description: *namespace
        type: str
      policies:
        description: *policies
        type: list
        elements: raw
      policies_absent:
        description: *policies_absent
        type: list
        elements: str
      purge_policies:
        description: *purge_policies
        type: bool
      role_name:
        description: *role_name
        type: str
      role_name_style:
        description: *role_name_style
        type: str
        choices: [derived, gen3]
      path:
        description: *path
        type: str
      permissions_boundary:
        description: *permissions_boundary
        type: str
      remove_permissions_boundary:
        description: *remove_permissions_boundary
        type: bool
      tags:
        description: *tags
        type: dict
      remove_tags:
        description: *remove_tags
        type: list
        elements: str
      description:
        description: *description
        type: str
      max_session_duration:
        description: *max_session_duration
        type: str
      audience:
        description: *audience
        type: str
      create_namespace:
        description: *create_namespace
        type: bool
      sts_regional_endpoints:
        description: *sts_regional_endpoints
        type: bool
      token_expiration:
        description: *token_expiration
        type: str
      field_manager:
        description: *field_manager
        type: str
      create_oidc_provider:
        description: *create_oidc_provider
        type: bool
      adopt:
        description: *adopt
        type: bool
      replace_trust:
        description: *replace_trust
        type: bool
      rebind:
        description: *rebind
        type: bool
      force_conflicts:
        description: *force_conflicts
        type: bool
      wait:
        description: *wait
        type: bool
      wait_timeout:
        description: *wait_timeout
        type: str
      keep_role:
        description: *keep_role
        type: bool
      keep_service_account:
        description: *keep_service_account
        type: bool
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
seealso:
  - module: iamsa.eks.iam_serviceaccount_info
extends_documentation_fragment:
  - iamsa.eks.aws
  - iamsa.eks.k8s
  - iamsa.eks.attributes
"""

EXAMPLES = r"""
- name: A role that may read from S3
  iamsa.eks.iam_serviceaccount:
    name: my-sa
    namespace: web
    policies: [AmazonS3ReadOnlyAccess]
    create_namespace: true

- name: The same, and pods can take the role when it is done
  iamsa.eks.iam_serviceaccount:
    name: my-sa
    namespace: web
    policies: [AmazonS3ReadOnlyAccess]
    wait: true

- name: Just these policies, one of them written here
  iamsa.eks.iam_serviceaccount:
    name: my-sa
    namespace: web
    purge_policies: true
    policies:
      - arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess
      - name: reader
        document:
          Version: "2012-10-17"
          Statement:
            - Effect: Allow
              Action: s3:GetObject
              Resource: arn:aws:s3:::reports/*
    tags:
      team: web

- name: Several ServiceAccounts in one task
  iamsa.eks.iam_serviceaccount:
    namespace: web
    tags:
      team: platform
    service_accounts:
      - name: queue
        policies: [AmazonSQSFullAccess]
      - name: backup
        policies: [AmazonS3FullAccess]
        max_session_duration: 4h

- name: Away again
  iamsa.eks.iam_serviceaccount:
    name: my-sa
    namespace: web
    state: absent
"""

RETURN = r"""
role_arn:
  description:
    - The ARN of the role, as it is or would be.
    - With O(state=absent), of the role that was found, or null.
  returned: on success, for a task with O(name)
  type: str
  sample: arn:aws:iam::123456789012:role/iamsa/iamsa-demo-web-my-sa-kxbmyswgc5
service_account_role:
  description:
    - The ServiceAccount and its role, as they are or would be - the document that C(kubectl iamsa -o json)
      prints, spelled as there. Its JSON Schema is in C(docs/reference/service-account-role.schema.json).
    - With O(state=absent), the ServiceAccount and the role that were found, or null.
    - A part that was not read is absent. Null and empty mean that there is none.
  returned: on success, for a task with O(name)
  type: dict
  contains:
    apiVersion: {description: V(iamsa/v1alpha1)., type: str, returned: always}
    kind: {description: V(ServiceAccountRole)., type: str, returned: always}
    metadata:
      description: The C(name) and C(namespace) of the ServiceAccount, and its C(cluster).
      type: dict
      returned: always
    spec:
      description:
        - The settings of the role, such as C(spec.role.name) and C(spec.audience). C(spec.policies) is there
          only if all policies of the role were read.
      type: dict
      returned: always
    status:
      description:
        - What was found - C(status.cluster), C(status.owner), C(status.role), C(status.policies),
          C(status.serviceAccount), C(status.oidcProvider), C(status.podIdentityAssociations).
        - With O(wait), C(status.verification). Its C(verdict) is V(yes).
        - C(status.run) is what this task changed, or would change.
      type: dict
      returned: always
  sample:
    apiVersion: iamsa/v1alpha1
    kind: ServiceAccountRole
    metadata:
      name: my-sa
      namespace: web
      cluster: arn:aws:eks:us-east-1:123456789012:cluster/demo
    spec:
      via: irsa
      audience: sts.amazonaws.com
      policies:
        - arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess
      role:
        name: iamsa-demo-web-my-sa-kxbmyswgc5
        path: /iamsa/
        tags: {}
        maxSessionDuration: 1h
    status:
      owner:
        name: iamsa
        verdict: ours
        words: iamsa, for this ServiceAccount
      run:
        changed: false
        dryRun: none
        steps: []
        restarts: []
        notices: []
service_account:
  description: The C(name) and C(namespace) of the ServiceAccount.
  returned: for a task with O(name), also on failure
  type: dict
  sample:
    name: my-sa
    namespace: web
steps:
  description: What was done, or would be done, in its order.
  returned: for a task with O(name)
  type: list
  elements: dict
  sample:
    - verb: create
      kind: serviceaccount
      name: my-sa
      part: ""
      sentence: serviceaccount/my-sa created
restarts:
  description: Commands that restart what still runs without the role.
  returned: O(state=present)
  type: list
  elements: str
results:
  description: For each item of O(service_accounts), in their order, what a task of its own would return.
  returned: for a task with O(service_accounts)
  type: list
  elements: dict
error:
  description: What went wrong, in parts.
  returned: on failure
  type: dict
  contains:
    kind:
      description:
        - One of V(invalid_value), V(invalid_file), V(unlocated), V(not_found), V(refused), V(denied),
          V(remote_error), V(timed_out), V(unmet_requirement), V(internal_error).
      type: str
      returned: always
    problem: {description: What is wrong., type: str, returned: always}
    remedy: {description: What mends it., type: str, returned: always}
    resource: {description: The option or the resource that it is about., type: str, returned: always}
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.task.arguments import AWS_ARGUMENTS, K8S_ARGUMENTS, service_account_arguments
from ..module_utils.task.running import run_module


def job(module: AnsibleModule) -> dict[str, object]:
    """Imported only once Python and the libraries are known to do."""
    from ..module_utils.task.service_accounts import service_account_job  # noqa: PLC0415

    return service_account_job(module)


def main() -> None:
    module = AnsibleModule(
        argument_spec={**service_account_arguments(), **AWS_ARGUMENTS, **K8S_ARGUMENTS},
        supports_check_mode=True,
        required_one_of=[("name", "service_accounts")],
        mutually_exclusive=[("name", "service_accounts")],
    )
    run_module(module, job, kubernetes=True)


if __name__ == "__main__":
    main()
