"""Log densities from the textbook, by strangers to the catalogue and to every backend."""
