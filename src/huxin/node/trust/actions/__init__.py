"""What changes the tables of node.trust: each action is one transaction with its audit entry."""
