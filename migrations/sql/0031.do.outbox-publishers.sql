-- Who publishes much stores the events of messages as sent (status 1) with the messages, and says
-- here how far that is true: of the events with its worker id in their msg_id, all up to this one
-- are published. Events behind the watermark of a publisher that is not heard of any more are made
-- pending again, and the row is deleted when none can come any more.

CREATE TABLE IF NOT EXISTS t_outbox_watermark (
  publisher VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  worker_id SMALLINT UNSIGNED NOT NULL,
  msg_id    BIGINT UNSIGNED NOT NULL,
  seen_at   DATETIME(3) NOT NULL,
  PRIMARY KEY (publisher)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;

-- Which process publishes the pending events that a crash or an outage has left: one at a time, so
-- that it need not claim them.

CREATE TABLE IF NOT EXISTS t_outbox_sweeper (
  id         TINYINT UNSIGNED NOT NULL,
  owner      VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  expires_at DATETIME(3) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;

INSERT INTO t_outbox_sweeper (id, owner, expires_at) VALUES (1, '', '2000-01-01')
ON DUPLICATE KEY UPDATE id = t_outbox_sweeper.id;
