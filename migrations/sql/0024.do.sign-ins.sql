-- Tokens that end before their time, sign-ins that are renewed, and how often somebody has tried to
-- sign in.

SET @statement = IF(
  (SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE()
    AND table_name = 't_user' AND column_name = 'disabled_at') = 0,
  'ALTER TABLE t_user ADD COLUMN disabled_at DATETIME NULL',
  'DO 0');
PREPARE step FROM @statement;
EXECUTE step;
DEALLOCATE PREPARE step;

-- One of the three says what is ended: a token by its SHA-256, a sign-in by its id, or every token
-- of the user that was issued until then (unix seconds). Rows go when no such token lives any more.
CREATE TABLE IF NOT EXISTS t_revocation (
  id BIGINT NOT NULL AUTO_INCREMENT,
  username VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  token_hash BINARY(32) NULL,
  sign_in_id VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  issued_until BIGINT NULL,
  created_at DATETIME(3) NOT NULL,
  PRIMARY KEY (id),
  KEY idx_username (username),
  KEY idx_created (created_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- A refresh token is kept as its SHA-256, and so is the one before it: an answer may get lost.
CREATE TABLE IF NOT EXISTS t_sign_in (
  sign_in_id VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  username VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  refresh_hash BINARY(32) NOT NULL,
  previous_hash BINARY(32) NULL,
  renewed_at DATETIME(3) NOT NULL,
  expires_at DATETIME(3) NOT NULL,
  PRIMARY KEY (sign_in_id),
  UNIQUE KEY uniq_refresh (refresh_hash),
  KEY idx_previous (previous_hash),
  KEY idx_username (username),
  KEY idx_expires (expires_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

CREATE TABLE IF NOT EXISTS t_sign_in_attempt (
  kind VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  who VARBINARY(64) NOT NULL,
  attempts INT NOT NULL,
  last_at DATETIME(3) NOT NULL,
  blocked_until DATETIME(3) NOT NULL,
  PRIMARY KEY (kind, who),
  KEY idx_last (last_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;
