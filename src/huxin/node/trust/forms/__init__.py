"""What people type, read into values; every fault in words, at its field."""
