# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options for Kubernetes: the API server and the credentials."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  kubeconfig:
    description:
      - The path of the kubeconfig file. The default is E(KUBECONFIG), then C(~/.kube/config).
      - If omitted, E(K8S_AUTH_KUBECONFIG) is used if it is set.
    type: path
  context:
    description:
      - The kubeconfig context. The default is the current context.
      - If omitted, E(K8S_AUTH_CONTEXT) is used if it is set.
    type: str
  host:
    description:
      - The URL of the API server. The default is read from the kubeconfig.
      - If omitted, E(K8S_AUTH_HOST) is used if it is set.
    type: str
  api_key:
    description:
      - The bearer token for the API server.
      - If omitted, E(K8S_AUTH_API_KEY) is used if it is set.
    type: str
  ca_cert:
    description:
      - The certificate file of the API server's CA.
      - If omitted, E(K8S_AUTH_SSL_CA_CERT) is used if it is set.
    type: path
    aliases: [ssl_ca_cert]
  client_cert:
    description:
      - The client certificate file.
      - If omitted, E(K8S_AUTH_CERT_FILE) is used if it is set.
    type: path
    aliases: [cert_file]
  client_key:
    description:
      - The client key file. Requires O(client_cert).
      - If omitted, E(K8S_AUTH_KEY_FILE) is used if it is set.
    type: path
    aliases: [key_file]
  tls_server_name:
    description:
      - The name that the server's certificate must be valid for.
    type: str
  k8s_validate_certs:
    description:
      - If V(false), does not verify the server's certificate. The module must then be able to read the
        cluster's issuer.
      - If omitted, E(K8S_AUTH_VERIFY_SSL) is used if it is set.
    type: bool
    default: true
    aliases: [verify_ssl]
  impersonate_user:
    description:
      - The user to impersonate in Kubernetes.
      - If omitted, E(K8S_AUTH_IMPERSONATE_USER) is used if it is set.
    type: str
  impersonate_groups:
    description:
      - The groups to impersonate in Kubernetes.
      - If omitted, E(K8S_AUTH_IMPERSONATE_GROUPS) is used if it is set.
    type: list
    elements: str
    default: []
  impersonate_uid:
    description:
      - The UID to impersonate in Kubernetes.
    type: str
requirements:
  - kubernetes >= 31 (except 36.0.0, 36.0.1 and 37.0.2)
  - urllib3 >= 1.26 (>= 1.26.16 on Python 3.12 and later)
  - PySocks (only if the API server is behind a SOCKS proxy)
  - PyYAML
"""
