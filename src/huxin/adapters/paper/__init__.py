"""Paper: sheets and cards as tagged PDF, and pictures with their caption."""
