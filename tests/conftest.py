"""What all tests share."""

import os

from hypothesis import settings

# A run that decides must decide the same twice; runs by hand look for something new.
settings.register_profile("ci", derandomize=True, database=None)
if os.environ.get("CI"):
    settings.load_profile("ci")
