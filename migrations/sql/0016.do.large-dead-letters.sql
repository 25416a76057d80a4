-- What cannot be decoded may be anything that NATS carries, which is more than a BLOB holds.

SET @statement = IF(
  (SELECT data_type FROM information_schema.columns WHERE table_schema = DATABASE()
    AND table_name = 't_dead_letter' AND column_name = 'payload') = 'blob',
  'ALTER TABLE t_dead_letter MODIFY payload MEDIUMBLOB NOT NULL',
  'DO 0');
PREPARE step FROM @statement;
EXECUTE step;
DEALLOCATE PREPARE step;
