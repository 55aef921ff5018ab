"""On board means admitted, for the hospital's own system: what it is told, when, and its answer."""
