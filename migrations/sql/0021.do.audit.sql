-- What was asked, looked at, proposed, decided and done, and by whom. Rows are only ever added: the
-- services' accounts have no right to change or delete one. Each row's hash covers the one before.

CREATE TABLE IF NOT EXISTS t_audit (
  seq           BIGINT NOT NULL COMMENT 'from 1, without gaps',
  at_ms         BIGINT NOT NULL COMMENT 'unix milliseconds',
  kind          VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  actor         VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'a person, or what acted by itself',
  session_id    VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  msg_id        BIGINT NULL COMMENT 'of the question or decision',
  details       MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'JSON, redacted',
  previous_hash BINARY(32) NOT NULL,
  hash          BINARY(32) NOT NULL COMMENT 'HMAC-SHA-256 of all the other columns',
  PRIMARY KEY (seq),
  KEY idx_msg (msg_id),
  KEY idx_actor (actor, seq)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;

-- Where the chain ends, so that a missing end is noticed.
CREATE TABLE IF NOT EXISTS t_bot_audit_head (
  id   TINYINT NOT NULL,
  seq  BIGINT NOT NULL,
  hash BINARY(32) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;
