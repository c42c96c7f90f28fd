"""Trust as a service: the desk that issues, the cards that people carry, the page that checks."""
