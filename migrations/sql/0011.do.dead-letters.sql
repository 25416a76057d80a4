-- Events that no consumer could handle, kept so that an operator can look and replay.

CREATE TABLE IF NOT EXISTS t_dead_letter (
  id             BIGINT NOT NULL AUTO_INCREMENT,
  topic          VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  payload        BLOB NOT NULL,
  cause          TEXT NOT NULL,
  delivery_count INT NOT NULL DEFAULT 0,
  created_at     DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  replayed_at    DATETIME(3) NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;
