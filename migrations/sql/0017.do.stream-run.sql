-- Which run of the NATS server the events are published to, and how far its stream was known to
-- reach. A stream made at another time, or one that reaches less far, has lost events: lost_at stays
-- set until those without their effect are in the outbox again.

CREATE TABLE IF NOT EXISTS t_stream_run (
  stream         VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  run_id         VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  stream_created VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  last_seq       BIGINT UNSIGNED NOT NULL,
  lost_at        DATETIME(3) NULL,
  PRIMARY KEY (stream)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;
