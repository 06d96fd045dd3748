"""Loops that were unrolled, as recurrences again.

A run of a model shows every step of a loop. Where the steps say the same, up to their
number, they are one `Scan`:

    x_0 ~ Normal(loc=mu, scale=s)           scan x_steps, carry x_carry = mu, over y
    y_0 ~ Normal(loc=x_0, …) = y[0]           x ~ Normal(loc=x_carry, scale=s)
    x_1 ~ Normal(loc=x_0, scale=s)   ──►      y ~ Normal(loc=x, …) = y_slice
    y_1 ~ Normal(loc=x_1, …) = y[1]           next x_carry = x
    …

interning   equal expressions as one object
numbering   which statements are steps of one loop
sequences   an expression for all steps, from that of each step
loops       statements of a loop as a scan
chains      values that are each computed from the one before, as a scan
outside     what the rest of a model says of a step
"""

from jointbridge.backends.rerolling.numbering import bases as bases
from jointbridge.backends.rerolling.reroll import Rerolled as Rerolled
from jointbridge.backends.rerolling.reroll import Rerolling as Rerolling
