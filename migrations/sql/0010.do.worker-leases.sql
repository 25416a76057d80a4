-- Leases of snowflake worker ids: one row an id, held by its owner until expires_at.

CREATE TABLE IF NOT EXISTS t_worker (
  worker_id  SMALLINT UNSIGNED NOT NULL,
  owner      VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  expires_at DATETIME(3) NOT NULL,
  PRIMARY KEY (worker_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;
