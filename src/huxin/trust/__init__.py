"""Part one: may I believe this, and what does it mean here?  Pure thought, no world."""
