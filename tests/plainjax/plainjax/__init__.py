"""A library of a few distributions, written in JAX for a backend of one's own."""
