"""Who there is: organisations, roles, users. Knows nobody else."""
