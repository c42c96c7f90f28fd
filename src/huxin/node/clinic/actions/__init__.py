"""The only writers of the clinic's tables."""
