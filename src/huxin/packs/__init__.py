"""Packs: everything one use needs, as folders of data, and their reader."""
