"""The parts of `make bench-decision`: the ground, the search for places, the screen, the peer."""
