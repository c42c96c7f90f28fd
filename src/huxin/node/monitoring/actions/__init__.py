"""The only writers of the counts."""
