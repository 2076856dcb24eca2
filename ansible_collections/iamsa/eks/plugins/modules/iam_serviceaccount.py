#!/usr/bin/python
# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Manage the IAM roles of ServiceAccounts on EKS."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: iam_serviceaccount
short_description: Manage the IAM role of a Kubernetes ServiceAccount on EKS
version_added: 0.1.0
author:
  - The iamsa authors (@iamsa)
description:
  - Creates or repairs the IAM role of a Kubernetes ServiceAccount on Amazon EKS (IAM roles for service
    accounts, IRSA).
  - Creates a role with the policies, allows only this ServiceAccount to assume it, and annotates the
    ServiceAccount, which is created if it does not exist.
  - Run again, the module repairs drift and changes nothing else.
  - With O(state=absent), deletes only what iamsa created.
options:
  name:
    description:
      - The name of the ServiceAccount.
      - Exactly one of O(name) and O(service_accounts) is required.
    type: str
  state:
    description: &state
      - If V(present), the role, its policies and the ServiceAccount are created or repaired.
      - If V(absent), the role is deleted. The ServiceAccount is deleted too if iamsa created it. Otherwise,
        only iamsa's annotations are removed from it. Of the role's options, only O(role_name) and
        O(role_name_style) are used, and O(purge_policies), O(adopt), O(rebind) and O(force_conflicts) as
        described there. The others are ignored.
    type: str
    choices: [present, absent]
    default: present
  namespace:
    description: &namespace
      - The namespace of the ServiceAccount.
      - The default is the namespace of the kubeconfig context, or V(default) if it has none.
    type: str
  policies:
    description: &policies
      - The policies of the role. Other policies of the role are kept, unless O(purge_policies) is V(true).
      - A string is the name or ARN of a managed policy, or a file with a policy document. A file is given as
        C(file://...), a path with a C(/), or a name that ends in C(.json), C(.yaml) or C(.yml). It becomes an
        inline policy named after the file.
      - A dictionary is an inline policy with the keys C(name) and C(document). The document is a dictionary
        or JSON text, for example from the C(ansible.builtin.template) lookup.
    type: list
    elements: raw
    default: []
    aliases: [managed_policies]
  policies_absent:
    description: &policies_absent
      - The policies to remove from the role.
      - Each is the name or ARN of a managed policy, the name of an inline policy, or the file of an inline
        policy.
    type: list
    elements: str
    default: []
  purge_policies:
    description: &purge_policies
      - If V(true), removes all policies that are not in O(policies).
      - With O(state=absent), also removes policies that iamsa did not add.
    type: bool
    default: false
  role_name:
    description: &role_name
      - The name of the role.
      - The default is the role in the annotation of the ServiceAccount. Without an annotation, the name is
        derived from the account, region, cluster, namespace and name.
    type: str
  role_name_style:
    description: &role_name_style
      - How to name a role without O(role_name).
      - If V(gen3), the name is C(CLUSTER-NAME-role) and the path is C(/), as in gen3's script.
    type: str
    choices: [derived, gen3]
    default: derived
  path:
    description: &path
      - The path of a new role. The default is V(/iamsa/).
      - The path of an existing role cannot be changed.
    type: str
  permissions_boundary:
    description: &permissions_boundary
      - The ARN of the permissions boundary of the role.
      - If omitted or empty, the permissions boundary is not changed.
    type: str
    aliases: [boundary]
  remove_permissions_boundary:
    description: &remove_permissions_boundary
      - If V(true), removes the permissions boundary of the role.
    type: bool
    default: false
  tags:
    description: &tags
      - The tags of the role. Other tags of the role are kept, unless O(purge_tags) is V(true).
    type: dict
    default: {}
    aliases: [resource_tags]
  remove_tags:
    description: &remove_tags
      - The keys of the tags to remove from the role.
    type: list
    elements: str
    default: []
  purge_tags:
    description: &purge_tags
      - If V(true), removes all tags that are not in O(tags), except those that only AWS and iamsa set.
    type: bool
    default: false
  description:
    description: &description
      - The description of the role.
    type: str
  max_session_duration:
    description: &max_session_duration
      - The maximum session duration of the role, V(1h) to V(12h), or an integer of seconds. A new role has
        V(1h).
      - If omitted, the session duration is not changed.
    type: str
  audience:
    description: &audience
      - The audience of the tokens of pods.
    type: str
    default: sts.amazonaws.com
  create_namespace:
    description: &create_namespace
      - If V(true), creates the namespace if it does not exist.
    type: bool
    default: false
  sts_regional_endpoints:
    description: &sts_regional_endpoints
      - If V(true), pods use regional STS endpoints.
      - If omitted, the annotation is not changed.
    type: bool
  token_expiration:
    description: &token_expiration
      - The lifetime of the tokens of pods, V(10m) to V(24h), or an integer of seconds.
      - If omitted, the annotation is not changed.
    type: str
  field_manager:
    description: &field_manager
      - The field manager to use for server-side apply.
    type: str
    default: kubectl-iamsa
  create_oidc_provider:
    description: &create_oidc_provider
      - If V(true), creates the OIDC provider of the cluster if it does not exist, or adds the audience to it.
    type: bool
    default: false
  adopt:
    description: &adopt
      - If V(true), adopts a role that is not this ServiceAccount's. Its other trust statements and policies
        are kept.
      - With O(state=absent), also deletes a role that was adopted.
    type: bool
    default: false
  replace_trust:
    description: &replace_trust
      - If V(true), removes trust statements that iamsa did not add, and extra conditions on its own.
      - A statement for C(pods.eks.amazonaws.com) is kept while a Pod Identity association of the cluster uses
        the role, or if the associations could not be read.
    type: bool
    default: false
  rebind:
    description: &rebind
      - If V(true), reuses a role left by a deleted cluster with the same name.
      - With O(state=absent), also deletes such a role.
    type: bool
    default: false
  force_conflicts:
    description: &force_conflicts
      - If V(true), overwrites annotations of other field managers, and an inline policy with the same name
        that iamsa did not add.
      - With O(state=absent), also removes annotations of other field managers.
    type: bool
    default: false
  wait:
    description: &wait
      - If V(true), waits until the pods of the ServiceAccount can assume the role. AWS allows this only some
        seconds after the role is created. The task fails if it takes longer than O(wait_timeout).
      - The check requests a token of the ServiceAccount. It needs the verb C(create) on
        C(serviceaccounts/token).
      - Ignored with O(state=absent) and in check mode.
    type: bool
    default: false
  wait_timeout:
    description: &wait_timeout
      - The time limit for O(wait), V(1s) to V(1h), or an integer of seconds. O(timeout) applies as well.
    type: str
    default: 60s
  keep_role:
    description: &keep_role
      - If V(true), O(state=absent) keeps the role and its policies, and only disconnects the ServiceAccount
        from it. Ignored with O(state=present).
    type: bool
    default: false
  keep_service_account:
    description: &keep_service_account
      - If V(true), O(state=absent) keeps the ServiceAccount and removes only iamsa's annotations.
        Ignored with O(state=present).
    type: bool
    default: false
  service_accounts:
    description:
      - The ServiceAccounts to manage in one task. They are processed in parallel, and what they share is read
        once.
      - Each item uses the options of the task, unless it sets them itself.
      - If an item fails, the other items are still processed. The task then fails, and its message begins
        with the failed items.
      - An empty list changes nothing.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - The name of the ServiceAccount.
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
        aliases: [managed_policies]
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
        aliases: [boundary]
      remove_permissions_boundary:
        description: *remove_permissions_boundary
        type: bool
      tags:
        description: *tags
        type: dict
        aliases: [resource_tags]
      remove_tags:
        description: *remove_tags
        type: list
        elements: str
      purge_tags:
        description: *purge_tags
        type: bool
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
  - module: iamsa.eks.iam_oidc_provider
  - name: IAM roles for service accounts
    description: The feature in the Amazon EKS user guide.
    link: https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html
extends_documentation_fragment:
  - iamsa.eks.aws
  - iamsa.eks.k8s
  - iamsa.eks.attributes
"""

EXAMPLES = r"""
- name: Create a role that is allowed to read from S3
  iamsa.eks.iam_serviceaccount:
    name: my-sa
    namespace: web
    policies: [AmazonS3ReadOnlyAccess]
    create_namespace: true

- name: Create the role, and wait until pods can assume it
  iamsa.eks.iam_serviceaccount:
    name: my-sa
    namespace: web
    policies: [AmazonS3ReadOnlyAccess]
    wait: true

- name: Give the role exactly these policies, one of them inline
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

- name: Create the roles of several ServiceAccounts
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

- name: Delete the role
  iamsa.eks.iam_serviceaccount:
    name: my-sa
    namespace: web
    state: absent
"""

RETURN = r"""
role_arn:
  description:
    - The ARN of the role after the task. In check mode, the ARN that it would have.
    - With O(state=absent), the ARN of the role that was found, or null if there was none.
  returned: on success, if O(name) is set
  type: str
  sample: arn:aws:iam::123456789012:role/iamsa/iamsa-demo-web-my-sa-kxbmyswgc5
service_account_role:
  description:
    - The ServiceAccount and its role after the task. In check mode, as they would be.
    - This is the document that C(kubectl iamsa -o json) prints. Its JSON Schema is
      C(docs/reference/service-account-role.schema.json).
    - With O(state=absent), the ServiceAccount and the role that were found, or null if there were none.
    - If a field is absent, it was not read. If a field is null or empty, it was read and has no value.
  returned: on success, if O(name) is set
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
        - The settings of the role, such as C(spec.role.name) and C(spec.audience).
        - C(spec.policies) is present only if all policies of the role were read.
      type: dict
      returned: always
    status:
      description:
        - What was found - C(status.cluster), C(status.owner), C(status.role), C(status.policies),
          C(status.serviceAccount), C(status.oidcProvider), C(status.podIdentityAssociations).
        - With O(wait), also C(status.verification), whose C(verdict) is V(yes).
        - C(status.run) is what this task changed, or would change in check mode.
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
  returned: if O(name) is set, also on failure
  type: dict
  sample:
    name: my-sa
    namespace: web
steps:
  description: The changes that were made, or would be made in check mode, in order.
  returned: if O(name) is set
  type: list
  elements: dict
  sample:
    - verb: create
      kind: serviceaccount
      name: my-sa
      part: ""
      sentence: serviceaccount/my-sa created
restarts:
  description: The commands that restart workloads whose pods still run without the role.
  returned: on success, with O(state=present)
  type: list
  elements: str
results:
  description: The result of each item of O(service_accounts), in order, as a task with O(name) returns it.
  returned: if O(service_accounts) is set
  type: list
  elements: dict
error:
  description: The parts of the error message.
  returned: on failure
  type: dict
  contains:
    kind:
      description:
        - The kind of error. One of V(invalid_value), V(invalid_file), V(unlocated), V(not_found), V(refused),
          V(denied), V(remote_error), V(timed_out), V(unmet_requirement), V(internal_error).
      type: str
      returned: always
    problem: {description: The problem., type: str, returned: always}
    remedy: {description: How to fix the problem. Empty if no fix is known., type: str, returned: always}
    resource: {description: The option or the resource that has the problem., type: str, returned: always}
"""

from ansible.module_utils.basic import AnsibleModule, env_fallback

from ..module_utils.task.arguments import AWS_ARGUMENTS, k8s_arguments, service_account_arguments
from ..module_utils.task.running import run_module


def job(module: AnsibleModule) -> dict[str, object]:
    """Run the job, which is imported only after `run_module` has checked Python and the libraries."""
    from ..module_utils.task.service_accounts import service_account_job  # noqa: PLC0415

    return service_account_job(module)


def main() -> None:
    module = AnsibleModule(
        argument_spec={**service_account_arguments(), **AWS_ARGUMENTS, **k8s_arguments(env_fallback)},
        supports_check_mode=True,
        required_one_of=[("name", "service_accounts")],
        mutually_exclusive=[("name", "service_accounts")],
    )
    run_module(module, job, kubernetes=True)


if __name__ == "__main__":
    main()
