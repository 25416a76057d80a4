-- The six tables a Resonance database begins with. A database of the Go services has them
-- already: nothing happens to it here, and the next files bring both to the same shape.

CREATE TABLE IF NOT EXISTS t_user (
  username   VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  nickname   VARCHAR(64),
  password   VARCHAR(128) NOT NULL,
  avatar     VARCHAR(255),
  created_at DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3),
  updated_at DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  PRIMARY KEY (username)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;

CREATE TABLE IF NOT EXISTS t_session (
  session_id     VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  type           TINYINT UNSIGNED NOT NULL COMMENT '1 one to one, 2 group',
  name           VARCHAR(128),
  owner_username VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  max_seq_id     BIGINT UNSIGNED NOT NULL DEFAULT 0,
  created_at     DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3),
  updated_at     DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  PRIMARY KEY (session_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;

CREATE TABLE IF NOT EXISTS t_session_member (
  session_id    VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  username      VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  role          TINYINT NOT NULL DEFAULT 0 COMMENT '0 member, 1 admin',
  last_read_seq BIGINT UNSIGNED NOT NULL DEFAULT 0,
  created_at    DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3),
  updated_at    DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  PRIMARY KEY (session_id, username),
  KEY idx_user (username)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;

CREATE TABLE IF NOT EXISTS t_message_content (
  msg_id          BIGINT UNSIGNED NOT NULL,
  session_id      VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  sender_username VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  seq_id          BIGINT UNSIGNED NOT NULL,
  content         TEXT,
  msg_type        VARCHAR(32),
  created_at      DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3),
  PRIMARY KEY (msg_id),
  KEY idx_sess_seq (session_id, seq_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;

CREATE TABLE IF NOT EXISTS t_inbox (
  id             BIGINT NOT NULL AUTO_INCREMENT,
  owner_username VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  session_id     VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  msg_id         BIGINT UNSIGNED NOT NULL,
  seq_id         BIGINT UNSIGNED NOT NULL,
  is_read        TINYINT NOT NULL DEFAULT 0,
  created_at     DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3),
  PRIMARY KEY (id),
  UNIQUE KEY uniq_owner_sess_seq (owner_username, session_id, seq_id),
  KEY idx_owner_read (owner_username, is_read)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;

-- Not in every Go database: there its services make it when they start.
CREATE TABLE IF NOT EXISTS t_message_outbox (
  id              BIGINT NOT NULL AUTO_INCREMENT,
  msg_id          BIGINT UNSIGNED NOT NULL,
  topic           VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  payload         BLOB NOT NULL,
  status          TINYINT NOT NULL DEFAULT 0 COMMENT '0 pending, 1 sent, 2 failed',
  retry_count     INT NOT NULL DEFAULT 0,
  next_retry_time DATETIME(3),
  created_at      DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3),
  updated_at      DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  PRIMARY KEY (id),
  KEY idx_msg_id (msg_id),
  KEY idx_status_next_retry (status, next_retry_time)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;
