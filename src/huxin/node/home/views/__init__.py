"""Pages that know several parts: the home page, and what a person sees about themselves."""
