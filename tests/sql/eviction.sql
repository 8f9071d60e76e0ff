-- high_water_bytes: eviction, and vkv_rebase.
.echo on
.nullvalue NULL
.open file.db
CREATE VIRTUAL TABLE b USING vkv(high_water_bytes=100, low_water_bytes=60);
SELECT * FROM b_config WHERE name LIKE '%water%';

-- Within the budget a commit is a commit.
INSERT INTO b VALUES('k1', zeroblob(30)), ('keep/__meta', zeroblob(500));
SELECT length(vkv_commit('b', 'one'));
INSERT INTO b VALUES('k2', zeroblob(30));
SELECT length(vkv_commit('b', 'two'));
INSERT INTO b VALUES('k3', zeroblob(30));
SELECT length(vkv_commit('b', 'three'));
SELECT count(*) FROM vkv_log('b');

-- A lookup touches a key; a scan, another version and vkv_diff do not.
SELECT length(value) FROM b WHERE key = 'k1';
SELECT count(value) FROM b;
SELECT length(vkv_get('b', 'k2', 'HEAD')), vkv_get('b', 'missing');
SELECT length(value) FROM vkv_at('b', 'main') WHERE key = 'k2';
SELECT count(*) FROM vkv_diff('b', 'HEAD~1', 'HEAD');
SELECT length(vkv_hash('b'));

-- The high water is exceeded: k2 and then k3 are the coldest. The commit returns the fresh root.
INSERT INTO b VALUES('k4', zeroblob(30));
SELECT vkv_commit('b', 'four') = vkv_rev_parse('b', 'main');
SELECT key, length(value) FROM b;
SELECT parents, author, time, message FROM vkv_log('b');
SELECT vkv_has_changes('b'), vkv_check('b');
-- What was made first is still known.
SELECT vkv_last_merge('b') ->> 'commit' = vkv_current_commit('b'), vkv_last_merge('b') ->> 'strategy';
SELECT message FROM vkv_log('b', vkv_last_merge('b') ->> 'commit');

-- IN and vkv_get touch too; keys of one commit share a touch.
INSERT INTO b VALUES('k5', zeroblob(10)), ('k6', zeroblob(12)), ('k7', zeroblob(11));
SELECT length(vkv_commit('b', 'five'));
SELECT key FROM b WHERE key IN ('k4', 'nowhere');
SELECT length(vkv_get('b', 'k1'));
INSERT INTO b VALUES('k8', zeroblob(1));
INSERT INTO b VALUES('k9', zeroblob(9));
SELECT length(vkv_commit('b', 'six'));
SELECT key FROM b;

-- Workspaces of the branch move along with what they have staged; those of another stay.
SELECT length(vkv_rebase('b', '{"keep":["k1", "k4"]}') ->> 'new_commit');
SELECT vkv_branch('b', 'other') = vkv_workspace('b', 'w');
UPDATE b SET value = 'mine' WHERE key = 'k1';
DELETE FROM b WHERE key = 'k4';
INSERT INTO b VALUES('new', 1);
SELECT vkv_workspace('b', 'idle') = vkv_rev_parse('b', 'main');
SELECT vkv_workspace('b', 'elsewhere', 'other') = vkv_rev_parse('b', 'main');
SELECT vkv_workspace('b', NULL, 'main') = vkv_rev_parse('b', 'main');
INSERT INTO b VALUES('shared', 1);
SELECT json_remove(vkv_rebase('b', '{"keep":[], "info":{"why":"spring"}}'), '$.new_commit');
SELECT message, info FROM vkv_log('b');
SELECT name, branch, staged, base_commit = vkv_rev_parse('b', 'main') AS moved FROM vkv_workspaces('b');
SELECT key, kind FROM vkv_status('b');
SELECT vkv_workspace('b', 'w') = vkv_rev_parse('b', 'main');
SELECT key, kind, old_value, new_value FROM vkv_status('b');
SELECT length(vkv_commit('b', 'of w'));
SELECT key FROM b;
SELECT vkv_check('b');

-- A workspace with an older base moves, unless it has staged what the branch changed in another way.
SELECT length(vkv_workspace('b', 'old'));
UPDATE b SET value = 'old';
SELECT length(vkv_workspace('b', 'older'));
INSERT OR IGNORE INTO b VALUES('own', 1), ('new', 2);
SELECT length(vkv_workspace('b', NULL));
SELECT length(vkv_reset('b'));
UPDATE b SET value = 'changed' WHERE key = 'k1';
SELECT length(vkv_commit('b', 'changed'));
SELECT vkv_rebase('b') ->> '$.dropped_keys';
SELECT name, staged, base_commit = vkv_rev_parse('b', 'main') AS moved FROM vkv_workspaces('b') WHERE branch = 'main';
SELECT length(vkv_workspace('b', 'older'));
SELECT key, value FROM b WHERE key < 'keep' OR key > 'l';
SELECT length(vkv_commit('b', 'older'));
SELECT length(vkv_workspace('b', 'old'));
SELECT vkv_commit('b', 'old');
SELECT vkv_commit('b', 'old', '{"on_conflict":"ours"}');
SELECT vkv_refresh('b') = vkv_rev_parse('b', 'main');
SELECT length(vkv_workspace('b', NULL));
SELECT vkv_check('b');

-- A version that was checked out has nothing in common with the branch any more.
SELECT length(vkv_tag('b', 'before', 'main'));
SELECT length(vkv_checkout('b', 'main'));
SELECT length(vkv_rebase('b', '{"keep":[]}') ->> 'new_commit');
SELECT length(vkv_checkout('b', 'before', '{"branch":"main"}'));
INSERT INTO b VALUES('late', 1);
SELECT vkv_commit('b', 'late');
SELECT length(vkv_refresh('b'));
SELECT length(vkv_checkout('b', 'main'));

-- Neither has another branch that was made before.
SELECT vkv_merge('b', 'other');
SELECT vkv_merge_base('b', 'main', 'other');

-- A merge that exceeds the high water.
SELECT length(vkv_branch('b', 'big')), length(vkv_checkout('b', 'big'));
INSERT INTO b VALUES('m1', zeroblob(40)), ('m2', zeroblob(40));
SELECT length(vkv_commit('b', 'big'));
SELECT length(vkv_checkout('b', 'main'));
INSERT INTO b VALUES('m3', zeroblob(40));
SELECT length(vkv_commit('b', 'm3'));
SELECT vkv_merge('b', 'big') = vkv_rev_parse('b', 'main');
SELECT vkv_last_merge('b') ->> 'strategy';
SELECT key FROM b;
SELECT count(*) FROM vkv_log('b');
-- Nothing to commit, nothing to evict.
SELECT vkv_commit('b', 'nothing') = vkv_rev_parse('b', 'main');
SELECT vkv_check('b');
DROP TABLE b;

-- Without a low water, 80 % of the high one.
CREATE VIRTUAL TABLE b USING vkv(high_water_bytes="99");
SELECT * FROM b_config WHERE name LIKE '%water%';
DROP TABLE b;

-- Without a high water, a rebase is told what to keep.
CREATE VIRTUAL TABLE kv USING vkv;
INSERT INTO kv VALUES('a', 'x'), ('b', 'yy'), ('__c', 'zzz');
SELECT length(vkv_commit('kv', 'all'));
SELECT vkv_rebase('kv');
SELECT json_remove(vkv_rebase('kv', '{"keep":["b", "nowhere"]}'), '$.new_commit');
SELECT * FROM kv;
SELECT count(*) FROM kv_store WHERE CAST(key AS TEXT) LIKE 'touch%';

-- Views: lookups there touch the store's keys, but for those of a version.
CREATE VIRTUAL TABLE s USING vkv(high_water_bytes=100, low_water_bytes=71);
CREATE VIRTUAL TABLE a USING vkv(store=s, namespace=a);
CREATE VIRTUAL TABLE now USING vkv(store=s, ref=main);
INSERT INTO a VALUES('x', zeroblob(30)), ('y', zeroblob(30)), ('z', zeroblob(30)), ('__state', zeroblob(200));
SELECT length(vkv_commit('s', 'three'));
SELECT length(value) FROM a WHERE key = 'x';
SELECT length(value) FROM now WHERE key = 'a/y';
SELECT length(vkv_get('now', 'a/y')), length(vkv_get('a', 'z'));
INSERT INTO a VALUES('new', zeroblob(11));
SELECT vkv_commit('a', 'four') = vkv_rev_parse('s', 'main');
SELECT key FROM s;
SELECT vkv_branch('s', 'dev') = vkv_rev_parse('s', 'main');
CREATE VIRTUAL TABLE dev USING vkv(store=s, branch=dev);
INSERT INTO dev VALUES('big', zeroblob(60));
SELECT vkv_commit('dev', 'big') = vkv_rev_parse('s', 'dev'), vkv_rev_parse('s', 'dev') = vkv_rev_parse('s', 'main');
SELECT key FROM dev;
SELECT key FROM s;
SELECT json_remove(vkv_rebase('dev', '{"keep":["big"]}'), '$.new_commit');
-- A view of a namespace shows a part of what keep is about.
SELECT vkv_rebase('a', '{"keep":["x"]}');
CREATE VIRTUAL TABLE x USING vkv(store=s, namespace=n, high_water_bytes=5);
CREATE VIRTUAL TABLE x USING vkv(type=live, high_water_bytes=5);
SELECT vkv_rebase('now', '{"keep":[]}');
SELECT vkv_check('s');

-- Bad input.
CREATE VIRTUAL TABLE x USING vkv(high_water_bytes=0);
CREATE VIRTUAL TABLE x USING vkv(high_water_bytes=lots);
CREATE VIRTUAL TABLE x USING vkv(low_water_bytes=5);
CREATE VIRTUAL TABLE x USING vkv(high_water_bytes=5, low_water_bytes=6);
CREATE VIRTUAL TABLE x USING vkv(high_water_bytes=5, low_water_bytes=-1);
SELECT vkv_rebase();
SELECT vkv_rebase('nowhere', '{"keep":[]}');
SELECT vkv_rebase('kv', '{"keep":"b"}');
SELECT vkv_rebase('kv', '{"keep":[1]}');
SELECT vkv_rebase('kv', '{"keep":null}');
SELECT vkv_rebase('kv', '{"keep":[], "low_water_bytes":5}');
SELECT vkv_rebase('kv', '{"keep":[], "info":7}');
SELECT vkv_rebase('kv', 7);
CREATE VIEW v AS SELECT vkv_rebase('kv', '{"keep":[]}');
SELECT * FROM v;
SELECT count(*) FROM sqlite_schema WHERE name LIKE 'x%';
