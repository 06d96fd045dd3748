"""`python -m jointbridge`: the command line, where its script is not on the path."""

from jointbridge.cli import main

main(prog_name="python -m jointbridge")
