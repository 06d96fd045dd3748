"""Pyro models with loops, and the recurrences that they are."""

import pyro
import pyro.distributions as dist
import torch
from pyro import poutine

y = torch.tensor([0.3, -0.2, 0.5, 1.1, 0.4, 0.2, -0.9], dtype=torch.float64)
wide = torch.linspace(-1.0, 1.0, 21, dtype=torch.float64).reshape(3, 7)
lengths = torch.tensor([3, 5, 7])


def walk(y):
    x = torch.zeros(())
    for t in range(len(y)):
        x = pyro.sample(f"x_{t}", dist.Normal(x, 0.5))
        pyro.sample(f"y_{t}", dist.Normal(x, 0.2), obs=y[t])


def hidden_markov(y):
    p = pyro.sample("p", dist.Dirichlet(torch.ones(2, 2)).to_event(1))
    z = 0
    for t in pyro.markov(range(len(y))):
        hints = {"enumerate": "parallel"}
        z = pyro.sample(f"z_{t}", dist.Categorical(p[z]), infer=hints)
        pyro.sample(f"y_{t}", dist.Normal(1.0 + z, 1.0), obs=y[t])


def second_order():
    phi = pyro.sample("phi", dist.Normal(0.0, 1.0).expand([2]).to_event(1))
    one, two = torch.tensor(0.1), torch.tensor(0.2)
    for t in range(6):
        x = pyro.sample(f"x_{t}", dist.Normal(phi[0] * one + phi[1] * two, 1.0))
        one, two = x, one


def observed_before(y):
    phi = pyro.sample("phi", dist.Normal(0.0, 1.0))
    for t in range(1, len(y)):
        pyro.sample(f"y_{t}", dist.Normal(phi * y[t - 1], 1.0), obs=y[t])


def first_before(y):
    x = pyro.sample("start", dist.Cauchy(0.0, 5.0))
    for t in range(len(y)):
        x = pyro.sample(f"x[{t}]", dist.Normal(0.5 * x, 1.0))
    pyro.sample("y", dist.Normal(x, 1.0), obs=y[0])


def first_inside(y):
    for t in pyro.markov(range(len(y))):
        found = dist.Cauchy(0.0, 5.0) if t == 0 else dist.Normal(x, 1.0)  # noqa: F821
        x = pyro.sample(f"x_{t}", found)
        pyro.sample(f"y_{t}", dist.Normal(x, 1.0), obs=y[t])


def hidden_state(y):
    w = pyro.sample("w", dist.Normal(0.0, 1.0))
    h = torch.zeros(())
    for t in range(len(y)):
        z = pyro.sample(f"z_{t}", dist.Normal(h, 1.0))
        h = torch.tanh(w * h + z)
        pyro.sample(f"y_{t}", dist.Normal(h, 1.0), obs=y[t])


def in_plates(wide):
    x, all_ = torch.zeros(3), []
    with pyro.plate("n", 3):
        for t in pyro.markov(range(7)):
            x = pyro.sample(f"x_{t}", dist.Normal(0.9 * x, 1.0))
            all_.append(x)
            pyro.sample(f"y_{t}", dist.Normal(x, 1.0), obs=wide[:, t])
    pyro.deterministic("x", torch.stack(all_))
    pyro.deterministic("later", torch.stack(all_[2:]))
    pyro.deterministic("some", x + all_[2])


def of_many_lengths(wide, lengths):
    x = torch.zeros(3)
    with pyro.plate("n", 3):
        for t in pyro.markov(range(7)):
            with poutine.mask(mask=lengths > t):
                x = pyro.sample(f"x_{t}", dist.Normal(x, 1.0))
                pyro.sample(f"y_{t}", dist.Normal(x, 1.0), obs=wide[:, t])


def with_numbers(y):
    x = torch.zeros(())
    for t, now in enumerate(y):
        x = pyro.sample(f"x_{t}", dist.Normal(x, [1.0, 2.0, 0.5][t % 3]))
        pyro.sample(f"y_{t}", dist.Normal(x, 1.0), obs=now)


def with_factors(y):
    x = torch.zeros(())
    for t in range(7):
        x = pyro.sample(f"x_{t}", dist.Normal(x, 1.0))
        pyro.deterministic(f"e_{t}", x.exp())
        pyro.factor(f"f_{t}", -((x - y[t]) ** 2))


def of_a_list(parts):
    x = torch.zeros(2)
    for t, now in enumerate(parts):
        x = pyro.sample(f"x_{t}", dist.Normal(x, 1.0).to_event(1))
        pyro.sample(f"y_{t}", dist.Normal(x, 1.0).to_event(1), obs=now)


def two_loops(y):
    z, all_ = torch.zeros(()), []
    for t in range(7):
        z = pyro.sample(f"z_{t}", dist.Normal(z, 1.0))
        all_.append(z)
    x = torch.zeros(())
    for t in range(7):
        x = pyro.sample(f"x_{t}", dist.Normal(x + all_[t], 1.0))
        pyro.sample(f"y_{t}", dist.Normal(x, 1.0), obs=y[t])


def running_total(y):
    total = pyro.sample("m", dist.Normal(0.0, 1.0))
    for t in range(7):
        total = total + pyro.sample(f"e_{t}", dist.Normal(0.0, 1.0))
        pyro.deterministic(f"carry_{t}", total)
        pyro.sample(f"y_{t}", dist.Normal(total, 1.0), obs=y[t])


def name_taken():
    with pyro.plate("z", 2):
        mu = pyro.sample("mu", dist.Normal(0.0, 1.0))
    z = mu.sum()
    for t in range(4):
        z = pyro.sample(f"z_{t}", dist.Normal(z, 1.0))


def without_sites(y):
    a = pyro.sample("a", dist.Normal(0.0, 1.0))
    level = torch.zeros(())
    for t in range(len(y)):
        level = level + a * (y[t] - level)
    pyro.sample("y", dist.Normal(level, 1.0), obs=y[0])


def stacked_without_sites(y):
    s = pyro.sample("s", dist.HalfNormal(1.0))
    found = [torch.tensor(2.0)]
    for t in range(6):
        found.append(torch.sqrt(0.5 + s * y[t] ** 2 + 0.2 * found[-1] ** 2))
    with pyro.plate("n", 7):
        pyro.sample("y", dist.Normal(0.0, torch.stack(found)), obs=y)


def numbers_without_an_end(y):
    x = torch.zeros(())
    for t in range(20):
        x = pyro.sample(f"x_{t}", dist.Normal(x + 0.1 * t * t, 1.0))
    pyro.sample("y", dist.Normal(x, 1.0), obs=y[0])


LOOPS = {
    "a walk": (
        walk,
        (y,),
        [
            "scan x_steps",
            "  carry x_steps_carry=0.0",
            "  over x_steps_slice=y_obs",
            "  x ~ Normal(loc=x_steps_carry, scale=0.5)",
            "  y ~ Normal(loc=x, scale=0.2) observed=x_steps_slice",
            "  next x_steps_carry=x",
        ],
    ),
    "counted states": (
        hidden_markov,
        (y,),
        [
            "p ~ Dirichlet(concentration=[1.0, 1.0]) shape=(2,)",
            "scan z_steps",
            "  carry z_steps_carry=0",
            "  over z_steps_slice=y_obs",
            "  z ~ Categorical(probs=p[z_steps_carry]) hints=enumerate:parallel",
            "  y ~ Normal(loc=z + 1.0, scale=1.0) observed=z_steps_slice",
            "  next z_steps_carry=z",
        ],
    ),
    "two steps back": (
        second_order,
        (),
        [
            "phi ~ Normal(loc=0.0, scale=1.0) shape=(2,)",
            "scan x_steps",
            "  carry x_steps_carry=0.1, x_steps_carry_2=0.2",
            "  length 6",
            (
                "  x ~ Normal(loc=phi[0] * x_steps_carry + phi[1] * x_steps_carry_2,"
                " scale=1.0)"
            ),
            "  next x_steps_carry=x, x_steps_carry_2=x_steps_carry",
        ],
    ),
    "what was seen before": (
        observed_before,
        (y,),
        [
            "phi ~ Normal(loc=0.0, scale=1.0)",
            "scan y_steps",
            "  over y_steps_slice=y_obs[:6], y_steps_slice_2=y_obs[1:]",
            "  y ~ Normal(loc=phi * y_steps_slice, scale=1.0) observed=y_steps_slice_2",
        ],
    ),
    "a first state before the loop": (
        first_before,
        (y,),
        [
            "start ~ Cauchy(loc=0.0, scale=5.0)",
            "scan x_steps",
            "  carry x_steps_carry=start",
            "  length 7",
            "  x ~ Normal(loc=0.5 * x_steps_carry, scale=1.0)",
            "  next x_steps_carry=x",
            "y ~ Normal(loc=x[-1], scale=1.0) observed=y_obs[0]",
        ],
    ),
    "another first step": (
        first_inside,
        (y,),
        [
            "x_0 ~ Cauchy(loc=0.0, scale=5.0)",
            "y_0 ~ Normal(loc=x_0, scale=1.0) observed=y_obs[0]",
            "scan x_steps",
            "  carry x_steps_carry=x_0",
            "  over x_steps_slice=y_obs[1:]",
            "  x ~ Normal(loc=x_steps_carry, scale=1.0)",
            "  y ~ Normal(loc=x, scale=1.0) observed=x_steps_slice",
            "  next x_steps_carry=x",
        ],
    ),
    "a state that is no site": (
        hidden_state,
        (y,),
        [
            "w ~ Normal(loc=0.0, scale=1.0)",
            "scan z_steps",
            "  carry z_steps_carry=0.0",
            "  over z_steps_slice=y_obs",
            "  z ~ Normal(loc=z_steps_carry, scale=1.0)",
            "  let h = tanh(w * z_steps_carry + z)",
            "  y ~ Normal(loc=h, scale=1.0) observed=z_steps_slice",
            "  next z_steps_carry=h",
        ],
    ),
    "plates": (
        in_plates,
        (wide,),
        [
            "scan x_steps",
            "  carry x_steps_carry=full((3,), 0.0)",
            "  over x_steps_slice=arange(0, 7)",
            "  x ~ Normal(loc=0.9 * x_steps_carry, scale=1.0) plates=n",
            "  y ~ Normal(loc=x, scale=1.0) plates=n observed=wide[:, x_steps_slice]",
            "  next x_steps_carry=x",
            "later = x[2:]",
            "some = x[-1] + x[2]",
        ],
    ),
    "series of many lengths": (
        of_many_lengths,
        (wide, lengths),
        [
            "scan x_steps",
            "  carry x_steps_carry=full((3,), 0.0)",
            "  over x_steps_slice=arange(0, 7)",
            (
                "  x ~ Normal(loc=x_steps_carry, scale=1.0) plates=n"
                " mask=lengths > x_steps_slice"
            ),
            (
                "  y ~ Normal(loc=x, scale=1.0) plates=n observed=wide[:, x_steps_slice]"
                " mask=lengths > x_steps_slice"
            ),
            "  next x_steps_carry=x",
        ],
    ),
    "a number of each step": (
        with_numbers,
        (y,),
        [
            "scan x_steps",
            "  carry x_steps_carry=0.0",
            (
                "  over x_steps_slice=[1.0, 2.0, 0.5, 1.0, 2.0, 0.5, 1.0],"
                " x_steps_slice_2=y_obs"
            ),
            "  x ~ Normal(loc=x_steps_carry, scale=x_steps_slice)",
            "  y ~ Normal(loc=x, scale=1.0) observed=x_steps_slice_2",
            "  next x_steps_carry=x",
        ],
    ),
    "factors and reports": (
        with_factors,
        (y,),
        [
            "scan x_steps",
            "  carry x_steps_carry=0.0",
            "  over x_steps_slice=y",
            "  x ~ Normal(loc=x_steps_carry, scale=1.0)",
            "  next x_steps_carry=x",
            "  collect x_steps_e=exp(x), x_steps_f=-(x - x_steps_slice) ** 2",
            "e = x_steps_e",
            "f: x_steps_f",
        ],
    ),
    "a list of arrays": (
        of_a_list,
        (list(wide[:, :2]),),
        [
            "scan x_steps",
            "  carry x_steps_carry=full((2,), 0.0)",
            "  over x_steps_slice=[parts_0, parts_1, parts_2]",
            "  x ~ Normal(loc=x_steps_carry, scale=1.0) shape=(2,)",
            "  y ~ Normal(loc=x, scale=1.0) shape=(2,) observed=x_steps_slice",
            "  next x_steps_carry=x",
        ],
    ),
    "two loops": (
        two_loops,
        (y,),
        [
            "scan z_steps",
            "  carry z_steps_carry=0.0",
            "  length 7",
            "  z ~ Normal(loc=z_steps_carry, scale=1.0)",
            "  next z_steps_carry=z",
            "scan x_steps",
            "  carry x_steps_carry=0.0",
            "  over x_steps_slice=z, x_steps_slice_2=y_obs",
            "  x ~ Normal(loc=x_steps_carry + x_steps_slice, scale=1.0)",
            "  y ~ Normal(loc=x, scale=1.0) observed=x_steps_slice_2",
            "  next x_steps_carry=x",
        ],
    ),
    "a running total": (
        running_total,
        (y,),
        [
            "m ~ Normal(loc=0.0, scale=1.0)",
            "scan e_steps",
            "  carry e_steps_carry=m",
            "  over e_steps_slice=y_obs",
            "  e ~ Normal(loc=0.0, scale=1.0)",
            "  let total = e_steps_carry + e",
            "  y ~ Normal(loc=total, scale=1.0) observed=e_steps_slice",
            "  next e_steps_carry=total",
            "  collect e_steps_carry_2=total",
            "carry = e_steps_carry_2",
        ],
    ),
    "a name that is taken": (
        name_taken,
        (),
        [
            "mu ~ Normal(loc=0.0, scale=1.0) plates=z_4",
            "let z_5 = sum(mu)",
            "scan z_steps",
            "  carry z_steps_carry=z_5",
            "  length 4",
            "  z ~ Normal(loc=z_steps_carry, scale=1.0)",
            "  next z_steps_carry=z",
        ],
    ),
    "values alone": (
        without_sites,
        (y,),
        [
            "a ~ Normal(loc=0.0, scale=1.0)",
            "scan level_steps",
            "  carry level_steps_carry=0.0",
            "  over level_steps_slice=y_obs",
            (
                "  let level_2 = level_steps_carry + a * (level_steps_slice -"
                " level_steps_carry)"
            ),
            "  next level_steps_carry=level_2",
            "  collect level=level_2",
            "y ~ Normal(loc=level[-1], scale=1.0) observed=y_obs[0]",
        ],
    ),
    "stacked values": (
        stacked_without_sites,
        (y,),
        [
            "s ~ HalfNormal(scale=1.0)",
            "scan y_values_steps",
            "  carry y_values_steps_carry=0.8",
            "  over y_values_steps_slice=y_obs[:6]",
            (
                "  let y_values_steps_term = sqrt(s * y_values_steps_slice ** 2 + 0.5"
                " + y_values_steps_carry)"
            ),
            "  next y_values_steps_carry=0.2 * y_values_steps_term ** 2",
            "  collect y_values=y_values_steps_term",
            (
                "y ~ Normal(loc=0.0, scale=concatenate([[2.0], y_values])) plates=n"
                " observed=y_obs"
            ),
        ],
    ),
    "numbers as data": (
        numbers_without_an_end,
        (y,),
        [
            "scan x_steps",
            "  carry x_steps_carry=0.0",
            "  over x_steps_slice=steps",
            "  x ~ Normal(loc=x_steps_carry + x_steps_slice, scale=1.0)",
            "  next x_steps_carry=x",
            "y ~ Normal(loc=x[-1], scale=1.0) observed=y_obs[0]",
        ],
    ),
}


def independent(y):
    for t in range(6):
        pyro.sample(f"x_{t}", dist.Normal(0.0, 1.0))


def alternating(y):
    x = torch.zeros(())
    for t in range(7):
        family = dist.Normal if t % 2 else dist.Cauchy
        x = pyro.sample(f"x_{t}", family(x, 1.0))


def of_two_steps(y):
    x = torch.zeros(())
    for t in range(2):
        x = pyro.sample(f"x_{t}", dist.Normal(x, 1.0))


def all_from_one(y):
    first = pyro.sample("x_0", dist.Normal(0.0, 1.0))
    for t in range(1, 6):
        pyro.sample(f"x_{t}", dist.Normal(first, 1.0))


def growing(y):
    total = []
    for t in range(5):
        total.append(pyro.sample(f"x_{t}", dist.Normal(sum(total), 1.0)))


NO_LOOPS = [independent, alternating, of_two_steps, all_from_one]
