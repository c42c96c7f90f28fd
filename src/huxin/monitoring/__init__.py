"""Part three as decisions: what may be known of everyone without knowing anyone."""
