"""Huxin 互信: health credentials that other regions trust.

Three parts of pure thought (`trust` so far) stand on `kernel` and `packs`;
`adapters` and `cli` are where the world comes in.  See ARCHITECTURE.md.
"""

__version__ = "0.1.0"
