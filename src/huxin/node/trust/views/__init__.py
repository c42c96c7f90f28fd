"""The pages of node.trust."""
