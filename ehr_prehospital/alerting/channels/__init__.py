"""The ways out of the house to a person: one module a channel, each an adapter of deliveries."""
