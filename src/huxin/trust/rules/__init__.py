"""Rules: what a region asks, as CertLogic in rule documents; parsed, evaluated, explained."""
