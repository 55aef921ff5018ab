"""A recorded case: what a vehicle measured once, played again second by second."""
