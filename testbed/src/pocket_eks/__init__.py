"""A world to test in: a Kubernetes control plane and an AWS account, both on 127.0.0.1.

`pocket-eks` gives one to a command or a shell, `pocket_eks.world.start_world` to Python.
"""
