"""What the clinic's pages and flows ask; each answer is scoped by who asks."""
