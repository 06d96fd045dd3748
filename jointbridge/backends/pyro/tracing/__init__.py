"""One run of a Pyro model, written down: torch calls, distributions and sites.

places          where in the user's source something happens, and what it is called
tape            the torch calls of the run, and what may not be done with a site
constructions   the distributions as they were constructed, before broadcasting
sites           the messages of sample and param statements
namespace       the arrays that the user knows by a name
"""
