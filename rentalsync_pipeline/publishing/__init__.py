"""Floor 2: feeds as files: names and tokens, the store, the manifest, the privacy scan."""
