-- What each function says of a call it cannot answer, and with which code. Nothing changes.
.echo on
CREATE TABLE plain(x);
CREATE VIRTUAL TABLE kv USING vkv;
INSERT INTO kv VALUES('a', 1);
SELECT length(vkv_commit('kv', 'one'));

-- No table, or none of ours, for every function.
SELECT vkv_base_commit('nowhere');
SELECT vkv_branch('nowhere', 'b');
SELECT vkv_branch_delete('nowhere', 'b');
SELECT vkv_branch_rename('nowhere', 'a', 'b');
SELECT vkv_cas('nowhere', 'a', 1, 2);
SELECT vkv_check('plain');
SELECT vkv_checkout('plain', 'main');
SELECT vkv_current_branch(NULL);
SELECT vkv_get('plain', 'a');
SELECT vkv_has_changes(7);
SELECT vkv_hash('');
SELECT vkv_last_merge('nowhere');
SELECT vkv_merge('nowhere', 'main');
SELECT vkv_merge_base('nowhere', 'main', 'main');
SELECT vkv_refresh('nowhere');
SELECT vkv_reset('nowhere');
SELECT vkv_reset('kv', 1);
SELECT vkv_reset_to('nowhere', 'main');
SELECT vkv_rev_parse('nowhere', 'main');
SELECT vkv_tag('nowhere', 't');
SELECT vkv_tag_delete('nowhere', 't');
SELECT vkv_workspace('nowhere', 'w');
SELECT vkv_workspace_delete('nowhere', 'w');
SELECT * FROM vkv_at('nowhere', 'HEAD');
SELECT * FROM vkv_blame('nowhere');
SELECT * FROM vkv_branches('plain');
SELECT * FROM vkv_diff('nowhere', 'HEAD', 'HEAD');
SELECT * FROM vkv_history('nowhere', 'a');
SELECT * FROM vkv_log(NULL);
SELECT * FROM vkv_namespaces('nowhere');
SELECT * FROM vkv_status(x'00');
SELECT * FROM vkv_tags('nowhere');
SELECT * FROM vkv_workspaces('nowhere');
SELECT * FROM vkv_workspaces;

-- Arguments that name nothing.
SELECT vkv_branch('kv', 'main');
SELECT vkv_branch('kv', 'new', 'nowhere');
SELECT vkv_branch_delete('kv', 'nowhere');
SELECT vkv_branch_rename('kv', 'nowhere', 'new');
SELECT vkv_checkout('kv', 'nowhere');
SELECT vkv_get('kv', 'a', 'nowhere');
SELECT vkv_hash('kv', 'nowhere');
SELECT vkv_merge('kv', 'nowhere');
SELECT vkv_merge_base('kv', 'main', 'nowhere');
SELECT vkv_reset_to('kv', 'nowhere');
SELECT vkv_rev_parse('kv', 'main~9');
SELECT vkv_tag('kv', 'new', 'nowhere');
SELECT vkv_tag_delete('kv', 'nowhere');
SELECT vkv_workspace('kv', 'new', 'nowhere');
SELECT vkv_workspace_delete('kv', 'nowhere');
SELECT * FROM vkv_at('kv', 'nowhere');
SELECT * FROM vkv_diff('kv', 'nowhere', 'HEAD');
SELECT * FROM vkv_diff('kv', 'HEAD', 'nowhere');
SELECT * FROM vkv_log('kv', 'nowhere');

-- And everything is as it was.
SELECT vkv_check('kv'), (SELECT count(*) FROM vkv_branches('kv')), vkv_has_changes('kv');
