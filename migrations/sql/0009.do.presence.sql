-- Who is connected where. A route counts while its gateway was heard lately under the same
-- incarnation, so a dead gateway needs no cleaning up.

CREATE TABLE IF NOT EXISTS t_gateway (
  gateway_id   VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  incarnation  BIGINT NOT NULL COMMENT 'chosen by the gateway when it starts',
  last_seen_at DATETIME(3) NOT NULL,
  PRIMARY KEY (gateway_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;

CREATE TABLE IF NOT EXISTS t_route (
  username     VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  gateway_id   VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  incarnation  BIGINT NOT NULL COMMENT 'of the gateway that reported it',
  remote_ip    VARCHAR(64) NOT NULL DEFAULT '',
  connected_at DATETIME(3) NOT NULL,
  PRIMARY KEY (username, gateway_id),
  KEY idx_gateway (gateway_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;
