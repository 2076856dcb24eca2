# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options for the Kubernetes side: which API server, which identity."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  kubeconfig:
    description:
      - Path of the kubeconfig. By default E(KUBECONFIG), then C(~/.kube/config).
    type: path
  context:
    description:
      - Context of the kubeconfig. By default the current one.
    type: str
  host:
    description:
      - Address of the API server, instead of the one that the kubeconfig names.
    type: str
  api_key:
    description:
      - Bearer token for the API server.
    type: str
  ca_cert:
    description:
      - File with the certificate authority of the API server.
    type: path
  client_cert:
    description:
      - File with a client certificate for the API server.
    type: path
  client_key:
    description:
      - File with the key of O(client_cert).
    type: path
  tls_server_name:
    description:
      - Name to check the API server's certificate for.
    type: str
  k8s_validate_certs:
    description:
      - Whether to check the API server's certificate.
      - Where it is not checked, the cluster must show its issuer.
    type: bool
    default: true
  impersonate_user:
    description:
      - User to impersonate in Kubernetes.
    type: str
  impersonate_groups:
    description:
      - Groups to impersonate in Kubernetes.
    type: list
    elements: str
    default: []
  impersonate_uid:
    description:
      - UID to impersonate in Kubernetes.
    type: str
requirements:
  - kubernetes >= 31, but not 36.0.0, 36.0.1 or 37.0.2
  - urllib3 >= 1.26, with Python 3.12 and later >= 1.26.16
  - PySocks, if the API server is reached through a SOCKS proxy
  - PyYAML
"""
