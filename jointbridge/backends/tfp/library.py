"""TFP's JAX substrate, imported in one place, and without its warnings about itself."""

from jointbridge.backends.tfp.quiet import quiet

with quiet():
    from tensorflow_probability.substrates import jax as tfp

    # TFP loads when it is first asked for something.
    tfb, tfd = tfp.bijectors, tfp.distributions
    tfde = tfp.experimental.distributions

TensorShape = tfp.tf2jax.TensorShape
