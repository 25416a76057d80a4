-- Names and session ids compare byte by byte, text a person reads compares by
-- utf8mb4_unicode_520_ci (which, unlike older collations, tells one emoji from another), and times
-- keep milliseconds. One ALTER a table: it is rebuilt once, whole or not at all, and a table that
-- has this shape already is left alone.
--
-- DATETIME(3) is safe for the Go services: they write milliseconds, which whole-second columns
-- round up to half a second into the future, and they read seconds. They write local time, Logic
-- writes UTC: rows of theirs are kept as they stand, since nothing in them tells the offset.
--
-- Counters become NOT NULL: the Go services always write them, and arithmetic on NULL loses them.

UPDATE t_session SET max_seq_id = 0, updated_at = updated_at WHERE max_seq_id IS NULL;
UPDATE t_session_member SET role = 0, updated_at = updated_at WHERE role IS NULL;
UPDATE t_session_member SET last_read_seq = 0, updated_at = updated_at WHERE last_read_seq IS NULL;
UPDATE t_inbox SET is_read = 0 WHERE is_read IS NULL;
UPDATE t_message_outbox SET status = 0, updated_at = updated_at WHERE status IS NULL;
UPDATE t_message_outbox SET retry_count = 0, updated_at = updated_at WHERE retry_count IS NULL;

ALTER TABLE t_user
  DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci,
  MODIFY username   VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  MODIFY nickname   VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci,
  MODIFY password   VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci NOT NULL,
  MODIFY avatar     VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci,
  MODIFY created_at DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3),
  MODIFY updated_at DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3);

ALTER TABLE t_session
  DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci,
  MODIFY session_id     VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  MODIFY name           VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci,
  MODIFY owner_username VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  MODIFY max_seq_id     BIGINT UNSIGNED NOT NULL DEFAULT 0,
  MODIFY created_at     DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3),
  MODIFY updated_at     DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3);

ALTER TABLE t_session_member
  DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci,
  MODIFY session_id    VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  MODIFY username      VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  MODIFY role          TINYINT NOT NULL DEFAULT 0 COMMENT '0 member, 1 admin',
  MODIFY last_read_seq BIGINT UNSIGNED NOT NULL DEFAULT 0,
  MODIFY created_at    DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3),
  MODIFY updated_at    DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3);

ALTER TABLE t_message_content
  DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci,
  MODIFY session_id      VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  MODIFY sender_username VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  MODIFY content         TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci,
  MODIFY msg_type        VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci,
  MODIFY created_at      DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3);

ALTER TABLE t_inbox
  DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci,
  MODIFY owner_username VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  MODIFY session_id     VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  MODIFY is_read        TINYINT NOT NULL DEFAULT 0,
  MODIFY created_at     DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3);

ALTER TABLE t_message_outbox
  DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci,
  MODIFY topic           VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  MODIFY status          TINYINT NOT NULL DEFAULT 0 COMMENT '0 pending, 1 sent, 2 failed',
  MODIFY retry_count     INT NOT NULL DEFAULT 0,
  MODIFY next_retry_time DATETIME(3),
  MODIFY created_at      DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3),
  MODIFY updated_at      DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3);
