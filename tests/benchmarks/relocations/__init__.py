"""A region, its calls and its ambulances, simulated with the console's own rules."""
