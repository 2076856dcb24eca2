"""A world to test in: a Kubernetes control plane and an AWS account, both on 127.0.0.1.

`tests/world` gives one to a command or a shell, `testbed.world.start_world` to Python.
"""
