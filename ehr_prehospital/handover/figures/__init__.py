"""The hospital's figures: each with its formula, what it leaves out, and the cases behind it."""
