-- Branches: vkv_branch, vkv_branch_delete, vkv_branch_rename, vkv_checkout.
.echo on
.nullvalue NULL
CREATE VIRTUAL TABLE kv USING vkv;
-- A branch at the root, before the first commit.
SELECT vkv_branch('kv', 'empty') = vkv_current_commit('kv');
INSERT INTO kv VALUES('a', 1);
SELECT vkv_commit('kv', 'one') = vkv_current_commit('kv');
INSERT INTO kv VALUES('b', 2);
SELECT vkv_commit('kv', 'two') = vkv_current_commit('kv');
SELECT vkv_branch('kv', 'dev') = vkv_current_commit('kv'), vkv_branch('kv', 'old', 'HEAD~1') = vkv_rev_parse('kv', 'HEAD^');
SELECT vkv_branch('kv', 'feature/x', substr(vkv_current_commit('kv'), 1, 10)) = vkv_rev_parse('kv', 'dev');

-- Each branch has its own rows, and its staged rows wait for whoever comes back.
SELECT vkv_current_branch('kv'), vkv_checkout('kv', 'old') = vkv_current_commit('kv'), vkv_current_branch('kv');
SELECT * FROM kv;
INSERT INTO kv VALUES('c', 3);
SELECT vkv_checkout('kv', 'dev') = vkv_rev_parse('kv', 'dev'), vkv_has_changes('kv');
SELECT * FROM kv;
SELECT vkv_checkout('kv', 'old') = vkv_rev_parse('kv', 'old'), vkv_has_changes('kv');
SELECT * FROM kv;
SELECT vkv_branch('kv', 'old');
SELECT vkv_checkout('kv', 'main') = vkv_rev_parse('kv', 'main');

-- Deleting.
SELECT vkv_branch_delete('kv', 'main');
SELECT vkv_branch_delete('kv', 'old');
SELECT vkv_branch_delete('kv', 'old', '{"force":true}') = vkv_rev_parse('kv', 'main~1');
SELECT vkv_checkout('kv', 'old');
SELECT vkv_branch('kv', 'old') = vkv_current_commit('kv'), vkv_checkout('kv', 'old') = vkv_rev_parse('kv', 'dev'), vkv_has_changes('kv');
SELECT vkv_branch_delete('kv', 'old');
SELECT vkv_branch_delete('kv', 'main');
SELECT vkv_branch_delete('kv', 'nowhere');
SELECT vkv_branch_delete('kv', 'dev', '{"forced":true}');

-- Renaming: the connection goes along, staged rows too.
INSERT INTO kv VALUES('d', 4);
SELECT vkv_branch_rename('kv', 'old', 'new') = vkv_rev_parse('kv', 'new'), vkv_current_branch('kv'), vkv_has_changes('kv');
SELECT vkv_rev_parse('kv', 'old');
SELECT vkv_branch_rename('kv', 'new', 'dev');
SELECT vkv_branch_rename('kv', 'new', 'HEAD');
SELECT vkv_branch_rename('kv', 'nowhere', 'x');
SELECT vkv_reset('kv') = vkv_current_commit('kv');
-- Also the one connections start on.
SELECT vkv_branch_rename('kv', 'main', 'trunk') = vkv_rev_parse('kv', 'trunk');
SELECT vkv_rev_parse('kv', 'main');
SELECT vkv_branch_delete('kv', 'trunk');

-- All of it is undone by ROLLBACK, but for where the connection is.
BEGIN;
SELECT vkv_branch('kv', 'brief') = vkv_checkout('kv', 'brief');
INSERT INTO kv VALUES('e', 5);
SELECT vkv_branch_delete('kv', 'dev') = vkv_current_commit('kv');
ROLLBACK;
SELECT vkv_current_commit('kv');
SELECT * FROM kv;
INSERT INTO kv VALUES('e', 5);
SELECT vkv_branch('kv', 'x');
SELECT vkv_checkout('kv', 'HEAD');
SELECT vkv_checkout('kv', 'dev') = vkv_rev_parse('kv', 'dev');
SELECT * FROM kv;

-- Names: git's rules.
SELECT vkv_branch('kv', '');
SELECT vkv_branch('kv', 'HEAD');
SELECT vkv_branch('kv', 'WORKING');
SELECT vkv_branch('kv', 'a..b');
SELECT vkv_branch('kv', 'a b');
SELECT vkv_branch('kv', '/a');
SELECT vkv_branch('kv', 'a.lock');
SELECT vkv_branch('kv', '@');
SELECT vkv_branch('kv', 'schön') = vkv_checkout('kv', 'schön'), vkv_current_branch('kv');
SELECT vkv_branch('kv', NULL);
SELECT vkv_branch('kv', 7);
SELECT vkv_branch('kv', 'y', 'nowhere');
SELECT vkv_branch('kv', 'y', 'HEAD~9');
SELECT vkv_branch('kv', 'y', 'WORKING');
SELECT vkv_branch('kv');
SELECT vkv_branch('kv', 'y', 'HEAD', 1);
SELECT vkv_branch_delete('kv');
SELECT vkv_branch_rename('kv', 'dev');
SELECT vkv_check('kv');
