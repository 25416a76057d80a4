-- The number of the gateway's last report under its incarnation: what is held up on the way and
-- comes after a later one is refused. 0 is a gateway that does not count its reports.

SET @statement = IF(
  (SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE()
    AND table_name = 't_gateway' AND column_name = 'last_report') = 0,
  'ALTER TABLE t_gateway ADD COLUMN last_report BIGINT NOT NULL DEFAULT 0',
  'DO 0');
PREPARE step FROM @statement;
EXECUTE step;
DEALLOCATE PREPARE step;
