"""Monitoring as a service: counts of everyone, nobody's name."""
