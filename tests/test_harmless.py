"""Importing and using jointbridge leaves the process as it was."""

import json
import subprocess
import sys

import pytest

FRAMEWORKS = ["jax", "numpyro", "torch", "pyro", "tensorflow_probability", "scipy"]


def _run(code: str, *flags: str) -> str:
    done = subprocess.run(
        [sys.executable, *flags, "-c", code],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{code}\n{done.stderr}"
    return done.stdout


def test_import_loads_no_framework():
    code = f"""
import sys, jointbridge as jb
jb.Normal, jb.exp, jb.load, jb.Joint, jb.supports
print([m for m in {FRAMEWORKS} if m in sys.modules])
"""
    assert _run(code).strip() == "[]"


STATE = """
import os, random, sys, warnings, json
import numpy as np

def state():
    found = {
        "numpy": hash(str(np.random.get_state())),
        "python": hash(random.getstate()),
        "filters": str(warnings.filters),
        "environment": str(sorted(os.environ.items())),
        "print": str(np.get_printoptions()),
        "errors": str(np.geterr()),
    }
    if "jax" in sys.modules:
        import jax
        found["x64"] = jax.config.jax_enable_x64
    if "torch" in sys.modules:
        import torch
        found["torch"] = [str(torch.get_default_dtype()), hash(str(torch.get_rng_state().tolist()))]
        found["validation"] = torch.distributions.Distribution._validate_args
    if "pyro" in sys.modules:
        import pyro
        found["params"] = sorted(pyro.get_param_store().keys())
    return found
"""

USE = """
import jointbridge as jb
from jointbridge import backends
before = state()

@jb.model
def model(y):
    mu = jb.sample("mu", jb.Normal(0.0, 1.0))
    tau = jb.sample("tau", jb.HalfNormal(1.0))
    jb.sample("y", jb.Normal(mu, tau), obs=y)

joint = model([1.0, 2.0])
for name in backends.names():
    backends.get(name)
loaded = state()
for name in backends.names():
    for dtype in ("float64", "float32"):
        draws = joint.sample(3, 2, backend=name, dtype=dtype)
        values = {n: draws[n] for n in ("mu", "tau")}
        joint.log_prob(values, backend=name, dtype=dtype)
        joint.grad_log_prob(values, backend=name, dtype=dtype)
after = state()
changed = [k for k in before if before[k] != after[k]]
changed += [k for k in loaded if loaded[k] != after[k]]
print(json.dumps(changed))
"""


@pytest.mark.parametrize("x64", ["0", "1"])
def test_use_changes_no_state(x64, monkeypatch):
    monkeypatch.setenv("JAX_ENABLE_X64", x64)
    assert json.loads(_run(STATE + USE).splitlines()[-1]) == []
