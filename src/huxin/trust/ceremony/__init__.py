"""Ceremonies: how regions change the list that they share, each step a file that people can read and carry."""
