"""Parts of `make bench-video` and `make soak-video`: a bed with people, load, what is measured."""
