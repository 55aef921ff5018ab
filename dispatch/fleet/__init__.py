"""The ambulance, its crew, its position and its mission."""
