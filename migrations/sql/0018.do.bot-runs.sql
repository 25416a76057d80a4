-- One row a question to a bot, written with the question: the run of the bot that answers it, and
-- what it did step by step. A run is whoever's lease_owner holds until lease_until; nobody's after.

CREATE TABLE IF NOT EXISTS t_bot_run (
  msg_id              BIGINT NOT NULL COMMENT 'of the question',
  bot_username        VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  session_id          VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  seq_id              BIGINT NOT NULL,
  requester           VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  language            VARCHAR(8) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  command             VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '' COMMENT 'such as /cancel',
  state               VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT 'queued' COMMENT 'queued, running, answered, failed, cancelled, ignored',
  failure             VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  correlation_id      VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  cancel_requested_at DATETIME(3) NULL,
  lease_owner         VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  lease_until         DATETIME(3) NULL,
  deadline            DATETIME(3) NULL COMMENT 'NULL until it is first worked on',
  attempts            INT NOT NULL DEFAULT 0,
  brain               VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  model               VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  input_tokens        BIGINT NOT NULL DEFAULT 0,
  output_tokens       BIGINT NOT NULL DEFAULT 0,
  cached_input_tokens BIGINT NOT NULL DEFAULT 0,
  created_at          DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  started_at          DATETIME(3) NULL,
  finished_at         DATETIME(3) NULL,
  PRIMARY KEY (msg_id, bot_username),
  KEY idx_unfinished (bot_username, state, session_id, seq_id),
  KEY idx_requester (requester, msg_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;

CREATE TABLE IF NOT EXISTS t_bot_step (
  msg_id              BIGINT NOT NULL,
  bot_username        VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  number              INT NOT NULL COMMENT 'from 1',
  kind                VARCHAR(8) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'model or tool',
  name                VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'of the model or the tool',
  call_id             VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'of the call that the tool answers',
  arguments           MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'JSON, redacted: of a tool its input, of a model the calls it asks for',
  state               VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'started, done, failed',
  outcome             VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  text                MEDIUMTEXT NULL COMMENT 'redacted, as the brain reads or said it',
  data                MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'JSON, redacted',
  artifact_id         VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  duration_ms         INT NULL,
  input_tokens        BIGINT NOT NULL DEFAULT 0,
  output_tokens       BIGINT NOT NULL DEFAULT 0,
  cached_input_tokens BIGINT NOT NULL DEFAULT 0,
  created_at          DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  PRIMARY KEY (msg_id, bot_username, number)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;

-- Which processes answer for a bot. A question that waits while one of them lives is not lost.
CREATE TABLE IF NOT EXISTS t_bot_worker (
  owner        VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  bot_username VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  alive_until  DATETIME(3) NOT NULL,
  PRIMARY KEY (owner),
  KEY idx_bot (bot_username, alive_until)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;
