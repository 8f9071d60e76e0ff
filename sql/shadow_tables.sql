-- Where a vkv table keeps everything: format 1. core/FORMAT.md describes each byte; a name in angle
-- brackets stands for the table's own, so the table kv has kv_store and so on. No index has a name
-- of its own, for that would have to follow when the table is renamed.

-- Chunks, commits and refs, in the order they were written.
CREATE TABLE <t>_store(
  id INTEGER PRIMARY KEY,
  key BLOB NOT NULL UNIQUE,
  value BLOB NOT NULL
);

-- Branches with uncommitted changes (shared, without a name) and private workspaces.
CREATE TABLE <t>_workspace(
  id INTEGER PRIMARY KEY,
  name TEXT UNIQUE,
  branch TEXT NOT NULL,
  base BLOB NOT NULL,  -- the commit that uncommitted changes are relative to
  merging BLOB,        -- the commit being merged in while conflicts wait
  shared TEXT UNIQUE AS (CASE WHEN name IS NULL THEN branch END)
);

-- Rows that differ from their workspace's base: a value of any type, or the removal of the key.
CREATE TABLE <t>_staged(
  workspace INTEGER NOT NULL,
  key BLOB NOT NULL,
  removed INTEGER NOT NULL,
  value,
  PRIMARY KEY(workspace, key)
) WITHOUT ROWID;

-- What a merge could not settle. A side that lacks the key has has_… = 0; NULL is a value.
CREATE TABLE <t>_conflict(
  workspace INTEGER NOT NULL,
  key BLOB NOT NULL,
  resolved INTEGER NOT NULL,
  has_base INTEGER NOT NULL,
  base,
  has_ours INTEGER NOT NULL,
  ours,
  has_theirs INTEGER NOT NULL,
  theirs,
  PRIMARY KEY(workspace, key)
) WITHOUT ROWID;

-- The table's own settings.
CREATE TABLE <t>_config(
  name TEXT PRIMARY KEY NOT NULL,
  value
) WITHOUT ROWID;

INSERT INTO <t>_config(name, value) VALUES
  ('format', 1),
  ('id', lower(hex(randomblob(16)))),  -- what sessions know the table by
  ('type', 'versioned'),
  ('default_branch', 'main');
