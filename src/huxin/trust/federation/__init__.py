"""The federation: a trust list that regions sign together, and what is made of it at a door."""
