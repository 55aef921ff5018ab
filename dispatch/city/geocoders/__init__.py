"""Online geocoders beside the local index: asked on purpose only, never while somebody types."""
