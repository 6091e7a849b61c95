"""Floor 2: the channels. One small file each; `registry` finds them by itself."""
