"""Array libraries: what `jointbridge.evaluate` needs of each, in one file each."""
