"""Documents given to a hospital's registry: IHE MHD, Provide Document Bundle, the source."""
