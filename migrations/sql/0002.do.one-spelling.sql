-- The Go services compare names and session ids by a collation that ignores case, so the same
-- person or session can stand in other tables in another spelling. Each such row takes the
-- spelling of t_user or t_session while the old collation still finds it; once bytes are compared
-- (next file) it would belong to nobody. updated_at stays what it was.

SET @changed = 0;

UPDATE t_session s JOIN t_user u ON u.username = s.owner_username
SET s.owner_username = u.username, s.updated_at = s.updated_at
WHERE CAST(s.owner_username AS BINARY) <> CAST(u.username AS BINARY);
SET @changed = @changed + ROW_COUNT();

UPDATE t_session_member m JOIN t_user u ON u.username = m.username
SET m.username = u.username, m.updated_at = m.updated_at
WHERE CAST(m.username AS BINARY) <> CAST(u.username AS BINARY);
SET @changed = @changed + ROW_COUNT();

UPDATE t_session_member m JOIN t_session s ON s.session_id = m.session_id
SET m.session_id = s.session_id, m.updated_at = m.updated_at
WHERE CAST(m.session_id AS BINARY) <> CAST(s.session_id AS BINARY);
SET @changed = @changed + ROW_COUNT();

UPDATE t_message_content c JOIN t_user u ON u.username = c.sender_username
SET c.sender_username = u.username
WHERE CAST(c.sender_username AS BINARY) <> CAST(u.username AS BINARY);
SET @changed = @changed + ROW_COUNT();

UPDATE t_message_content c JOIN t_session s ON s.session_id = c.session_id
SET c.session_id = s.session_id
WHERE CAST(c.session_id AS BINARY) <> CAST(s.session_id AS BINARY);
SET @changed = @changed + ROW_COUNT();

UPDATE t_inbox i JOIN t_user u ON u.username = i.owner_username
SET i.owner_username = u.username
WHERE CAST(i.owner_username AS BINARY) <> CAST(u.username AS BINARY);
SET @changed = @changed + ROW_COUNT();

UPDATE t_inbox i JOIN t_session s ON s.session_id = i.session_id
SET i.session_id = s.session_id
WHERE CAST(i.session_id AS BINARY) <> CAST(s.session_id AS BINARY);
SET @changed = @changed + ROW_COUNT();

SELECT CONCAT(@changed, ' references to users and sessions now have the spelling of the original') AS notice
FROM DUAL WHERE @changed > 0;
