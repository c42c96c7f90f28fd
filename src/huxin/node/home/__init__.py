"""Pages and arrows that know several parts: the home page, the tour, who looked at my data."""
