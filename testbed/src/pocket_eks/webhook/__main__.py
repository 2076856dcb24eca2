"""`python -m pocket_eks.webhook CONFIG.json`, with

{"port": N, "cert": PATH, "key": PATH, "region": R, "control": URL,
 "kube": {"url": URL, "ca": PATH, "token": T}}
"""

import json
import sys
from pathlib import Path

from pocket_eks.rest import Rest
from pocket_eks.webhook.server import Webhook, serve

config = json.loads(Path(sys.argv[1]).read_text())
kube = config["kube"]
serve(
    Webhook(Rest(kube["url"], Path(kube["ca"]), kube["token"]), config["region"], config["control"]),
    config["port"],
    Path(config["cert"]),
    Path(config["key"]),
)
