"""The service storey: a region's node, with pages for people.  Here the world comes in."""
