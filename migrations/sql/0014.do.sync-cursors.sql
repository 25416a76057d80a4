-- How far a reader of PullInboxDelta has read, as the last seq_id of each of the owner's sessions.
-- A number that grows with the rows would skip one that is committed late; within a session none
-- can be, since its seq_ids are given out under its row lock. chain_id is the same for the cursors
-- that follow one another on one device.

CREATE TABLE IF NOT EXISTS t_sync_cursor (
  cursor_id      BIGINT NOT NULL AUTO_INCREMENT,
  owner_username VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  chain_id       BIGINT UNSIGNED NOT NULL,
  positions      MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'JSON: session_id to seq_id',
  created_at     DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  PRIMARY KEY (cursor_id),
  KEY idx_owner_chain (owner_username, chain_id, cursor_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;
