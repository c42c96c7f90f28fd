"""The Django project: settings, addresses, and how the flows between parts are registered."""
