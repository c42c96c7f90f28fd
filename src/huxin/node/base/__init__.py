"""The ground: people and permissions, audit, outbox, limits, and the look of every page."""
