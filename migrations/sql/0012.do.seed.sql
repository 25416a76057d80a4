-- The bot, the sender of system messages, and the room everybody is in. '!' is no bcrypt hash, so
-- no password opens these accounts. Rows that are there stay as they are. The bot's role is 'user':
-- what it may do follows from is_bot, and no check for an administrator should let it pass.

START TRANSACTION;

INSERT INTO t_user (username, nickname, password, is_bot, role)
VALUES ('ops-bot', '运维助手', '!', 1, 'user'), ('system', '系统', '!', 0, 'user')
ON DUPLICATE KEY UPDATE username = t_user.username;

INSERT INTO t_session (session_id, type, name, owner_username, max_seq_id)
VALUES ('0', 2, 'Resonance Room', 'system', 0)
ON DUPLICATE KEY UPDATE session_id = t_session.session_id;

INSERT INTO t_session_member (session_id, username, role, last_read_seq)
VALUES ('0', 'ops-bot', 0, 0)
ON DUPLICATE KEY UPDATE username = t_session_member.username;

COMMIT;
