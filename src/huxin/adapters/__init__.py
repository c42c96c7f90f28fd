"""The world without Django: the clock, files, key files, paper and tables."""
