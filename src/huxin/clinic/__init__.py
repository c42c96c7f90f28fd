"""Part two as decisions: which times may be offered, and what may happen to a visit."""
