"""Floor 0: the values that travel through the pipeline and the rules that decide about them. Pure."""
