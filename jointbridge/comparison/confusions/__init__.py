"""What people mix up when they move a model, each as something that can be tried.

A row says what one model does where the other one does not, and how to do it to a site of
the other: to one of its parameters, to its family, to its value, or to its log density.

    Parameter   scale        ->  square(scale)
    Family      HalfNormal(scale=scale)  ->  Normal(loc=0.0, scale=scale)
    Value       value        ->  value - 1
    Plus        log density  ->  log density + log(value)      one for each copy

In the texts `{a}` is the model that is changed and `{b}` the one that it then equals; `{p}`
is the parameter and `{f}` the family.  Rows are tried in order: the simplest first.
"""

from jointbridge.comparison.confusions.families import FAMILIES as FAMILIES
from jointbridge.comparison.confusions.parameters import PARAMETERS as PARAMETERS
from jointbridge.comparison.confusions.row import Confusion as Confusion
from jointbridge.comparison.confusions.row import Family as Family
from jointbridge.comparison.confusions.row import Parameter as Parameter
from jointbridge.comparison.confusions.row import Plus as Plus
from jointbridge.comparison.confusions.row import Value as Value
from jointbridge.comparison.confusions.terms import JACOBIAN_ROWS as JACOBIAN_ROWS
from jointbridge.comparison.confusions.terms import JACOBIANS as JACOBIANS
from jointbridge.comparison.confusions.terms import NORMALISER_ROWS as NORMALISER_ROWS
from jointbridge.comparison.confusions.values import VALUES as VALUES
