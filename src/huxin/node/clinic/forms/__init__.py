"""The forms of the clinic."""
