"""What is read of node.trust.  A query that hands out a person's data records that it did."""
