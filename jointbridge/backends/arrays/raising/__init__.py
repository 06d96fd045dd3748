"""From a jaxpr to expressions that a person would have written.

    { lambda ; a:f64[4] i:i64[9]. let              mu[county] * 2.0
        b:bool[9] = lt i 0        ...
        g:f64[9] = gather[...] a f         ──►
        h:f64[9] = mul g 2.0 in (h,) }

Equations are walked once. A value is kept as an expression with the shape that the
expression has by itself, which the shape in the jaxpr is a broadcast of; it is spelled
out only where something needs its full shape. What depends on constants alone is
computed; what a library spells out, as `logsumexp`, is recognised by tracing the
library's own function and comparing equations.
"""

from jointbridge.backends.arrays.raising.calls import keep as keep
from jointbridge.backends.arrays.raising.constants import Constants as Constants
from jointbridge.backends.arrays.raising.interpreter import Raised as Raised
from jointbridge.backends.arrays.raising.interpreter import raise_jaxpr as raise_jaxpr
