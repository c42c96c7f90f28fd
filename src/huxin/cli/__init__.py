"""The command line: what people say to Huxin in a terminal, and how it answers them."""
