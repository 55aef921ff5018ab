"""The vehicle's socket: store raw, decode, hand on, acknowledge after the commit."""
