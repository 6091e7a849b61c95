"""Floor 3: the verbs of the product. No Dagster, no terminal, no HTTP.

Here lies what all verbs share; each kind of verb has a room of its own, which imports only from the rooms
named before it:

- `looking`: what was published and why, out of the snapshot.
- `syncing`: the steps of a sync, the only verbs that open the warehouse to write.
- `deciding`, `configuring`, `keeping`, `trying`, `replaying`: what people decide and set up, the daily
  upkeep, policies tried on the past, and the past made again. None knows another.
- `watching`: how it stands now, for people and for machines.
"""
