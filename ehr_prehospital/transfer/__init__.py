"""Inter-hospital transfer (院际转运): nothing moves unless both ends have agreed."""
