"""Floor 4: the HTTP side. Routers over the verbs of `operations`; they open no warehouse and run no sync."""
