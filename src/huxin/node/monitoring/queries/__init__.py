"""What the pages of numbers ask."""
