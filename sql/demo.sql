-- vkv in fifteen minutes: this machine's package inventory under version control.
-- Run by `make demo`, in sqlite3's own shell: cd build && sqlite3 :memory: < ../sql/demo.sql
.echo on
.mode box --wrap 0
.nullvalue NULL

-- 1. Load the extension and make a versioned table. It has two columns, key and value.
.load ./vkv
CREATE VIRTUAL TABLE kv USING vkv;

-- 2. Read the inventory: every line that is not empty, then one row for each installed package.
CREATE TEMP TABLE line(text);
.echo off
.mode ascii
.separator "\037" "\n"
.import /var/lib/dpkg/status line
.mode box --wrap 0
.echo on
CREATE TEMP TABLE package AS
SELECT max(value) FILTER (WHERE name = 'Package') AS name,
       max(value) FILTER (WHERE name = 'Version') AS version,
       max(value) FILTER (WHERE name = 'Section') AS section,
       CAST(max(value) FILTER (WHERE name = 'Installed-Size') AS INTEGER) AS size
  FROM (SELECT sum(text GLOB 'Package: *') OVER (ORDER BY rowid) AS paragraph,
               substr(text, 1, instr(text, ': ') - 1) AS name,
               substr(text, instr(text, ': ') + 2) AS value
          FROM line)
 GROUP BY paragraph
HAVING max(value) FILTER (WHERE name = 'Status') LIKE '% installed';

-- 3. An ordinary INSERT; a package installed for two architectures keeps its first entry.
INSERT OR IGNORE INTO kv
SELECT 'pkg/' || name, json_object('version', version, 'section', section, 'size', size)
  FROM package;
SELECT key, value FROM kv WHERE key >= 'pkg/b' LIMIT 3;

-- The rows are there, and part of the database's transaction, but in no version yet: commit them.
SELECT count(*) AS waiting FROM vkv_status('kv');
SELECT vkv_commit('kv', 'The inventory as installed', '{"author":"Demo <demo@example.org>"}') AS "commit";
SELECT count(*) AS waiting FROM vkv_status('kv');

-- 4. A branch for an upgrade. Checking it out moves this connection only.
SELECT vkv_branch('kv', 'upgrade') AS "commit";
SELECT vkv_checkout('kv', 'upgrade') AS "commit";

-- There, upgrade the three largest packages, add one, and remove the smallest.
UPDATE kv SET value = json_set(value, '$.version', value ->> 'version' || '+upgraded')
 WHERE key IN (SELECT key FROM kv ORDER BY value ->> 'size' DESC, key LIMIT 3);
INSERT INTO kv VALUES('pkg/vkv', json_object('version', vkv_version(), 'section', 'database', 'size', 4000));
DELETE FROM kv WHERE key = (SELECT key FROM kv ORDER BY value ->> 'size', key LIMIT 1);

-- What is not committed yet, as a diff from the last commit.
SELECT key, kind, old_value ->> 'version' AS old, new_value ->> 'version' AS new FROM vkv_status('kv');
SELECT vkv_commit('kv', 'Upgrade the largest') AS "commit";

-- 5. Meanwhile, on main: none of that is there, and another package changes.
SELECT vkv_checkout('kv', 'main') AS "commit";
SELECT count(*) AS has_vkv FROM kv WHERE key = 'pkg/vkv';
UPDATE kv SET value = json_set(value, '$.section', 'kept')
 WHERE key = (SELECT key FROM kv ORDER BY value ->> 'size' DESC, key LIMIT 1 OFFSET 9);
SELECT vkv_commit('kv', 'Keep one as it is') AS "commit";
SELECT substr(commit_hash, 1, 12) AS "commit", author, date(time) AS day, message FROM vkv_log('kv');

-- The two branches, compared: cost follows the changes, not the size of the table.
SELECT key, kind FROM vkv_diff('kv', 'main', 'upgrade');

-- 6. Merge. Both sides' changes are kept; history remembers both parents.
SELECT vkv_merge('kv', 'upgrade') AS "commit";
SELECT count(*) AS has_vkv FROM kv WHERE key = 'pkg/vkv';
SELECT message, json_array_length(parents) AS parents FROM vkv_log('kv') LIMIT 1;

-- 7. A conflict: both branches change the version of the largest package.
UPDATE kv SET value = json_set(value, '$.version', 'from main')
 WHERE key = (SELECT key FROM kv ORDER BY value ->> 'size' DESC, key LIMIT 1);
SELECT vkv_commit('kv', 'The largest, from main') AS "commit";
SELECT vkv_checkout('kv', 'upgrade') AS "commit";
UPDATE kv SET value = json_set(value, '$.version', 'from upgrade')
 WHERE key = (SELECT key FROM kv ORDER BY value ->> 'size' DESC, key LIMIT 1);
SELECT vkv_commit('kv', 'The largest, from upgrade') AS "commit";

-- A merge would fail, naming the keys, and change nothing. Asked beforehand:
SELECT vkv_checkout('kv', 'main') AS "commit";
SELECT vkv_merge('kv', 'upgrade', '{"dry_run":true}') AS preview;

-- Resolve it by taking their side of whatever both changed.
SELECT vkv_merge('kv', 'upgrade', '{"on_conflict":"theirs"}') AS "commit";
SELECT value ->> 'version' AS version FROM kv ORDER BY value ->> 'size' DESC, key LIMIT 1;

-- 8. Any older version is a table to read: how that package's version came about.
SELECT a.value ->> 'version' AS "HEAD~2", b.value ->> 'version' AS "HEAD~1", c.value ->> 'version' AS "HEAD"
  FROM vkv_at('kv', 'HEAD~2') a JOIN vkv_at('kv', 'HEAD~1') b USING(key) JOIN kv c USING(key)
 WHERE key = (SELECT key FROM kv ORDER BY value ->> 'size' DESC, key LIMIT 1);

-- 9. Everything is one SQLite transaction, with your own tables in it: nothing of this remains.
CREATE TABLE note(text);
BEGIN;
INSERT INTO note VALUES('about to go');
DELETE FROM kv;
SELECT vkv_commit('kv', 'All gone') AS "commit";
ROLLBACK;
SELECT (SELECT count(*) FROM note) AS notes, count(*) > 0 AS packages FROM kv;

-- 10. And every byte of it checked: all chunks rehashed, every tree and reference verified.
SELECT vkv_check('kv') AS "check";
