"""How near the limits: ratios to one bare signature operation, with peers in the same run."""
