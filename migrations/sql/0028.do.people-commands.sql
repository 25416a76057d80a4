-- Commands about people that were given in the chat: each message is acted on once, whoever calls
-- how often. Written by Logic alone.

CREATE TABLE IF NOT EXISTS t_people_command (
  msg_id     BIGINT NOT NULL COMMENT 'of the message that is the command',
  outcome    VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'such as done, not_admin',
  created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  PRIMARY KEY (msg_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;
