-- Changes that somebody has asked the bot for. One is carried out at most once, and only after a
-- person who may has decided so:
--
--   pending ── approved ── executing ── succeeded, failed, stuck
--      └──── rejected, expired            └─ at its beginning: void, when something has changed

CREATE TABLE IF NOT EXISTS t_bot_proposal (
  proposal_id     VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  tool            VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  input           TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'JSON, as it is carried out',
  target_id       VARCHAR(400) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  service         VARCHAR(253) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  namespace       VARCHAR(63) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  generation      VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'of the target when it was proposed',
  digest          CHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'of tool, input, target and generation',
  four_eyes       TINYINT NOT NULL,
  requester       VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  session_id      VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  msg_id          BIGINT NOT NULL COMMENT 'of the question it came from',
  bot_username    VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  language        VARCHAR(8) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  reason          TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'redacted; in the words of who proposed it',
  replicas        INT NOT NULL,
  state           VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT 'pending',
  created_at      DATETIME(3) NOT NULL,
  expires_at      DATETIME(3) NOT NULL,
  decided_by      VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  decided_at      DATETIME(3) NULL,
  lease_owner     VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  lease_until     DATETIME(3) NULL,
  begun_at        DATETIME(3) NULL COMMENT 'set before it is carried out: from then on it is never begun again',
  finished_at     DATETIME(3) NULL,
  outcome         TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  card_shown      TINYINT NOT NULL DEFAULT 0,
  outcome_shown   TINYINT NOT NULL DEFAULT 0,
  PRIMARY KEY (proposal_id),
  KEY idx_state (state, expires_at),
  KEY idx_target (target_id, created_at),
  KEY idx_shown (outcome_shown, card_shown)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;
