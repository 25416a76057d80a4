-- Nobody looks for inbox rows by is_read, neither here nor in the Go system, which never changes it.
-- One index less is a sixth of what an inbox row costs.

SET @statement = IF(
  (SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE()
    AND table_name = 't_inbox' AND index_name = 'idx_owner_read') > 0,
  'ALTER TABLE t_inbox DROP KEY idx_owner_read',
  'DO 0');
PREPARE step FROM @statement;
EXECUTE step;
DEALLOCATE PREPARE step;
