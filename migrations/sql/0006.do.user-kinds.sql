-- Who is a bot, and who may administer. The defaults are what a row of the Go services means.

SET @statement = IF(
  (SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE()
    AND table_name = 't_user' AND column_name = 'is_bot') = 0,
  'ALTER TABLE t_user ADD COLUMN is_bot TINYINT NOT NULL DEFAULT 0',
  'DO 0');
PREPARE step FROM @statement;
EXECUTE step;
DEALLOCATE PREPARE step;

SET @statement = IF(
  (SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE()
    AND table_name = 't_user' AND column_name = 'role') = 0,
  'ALTER TABLE t_user ADD COLUMN role VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT ''user''',
  'DO 0');
PREPARE step FROM @statement;
EXECUTE step;
DEALLOCATE PREPARE step;

SET @statement = IF(
  (SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE()
    AND table_name = 't_user' AND index_name = 'idx_is_bot') = 0,
  'ALTER TABLE t_user ADD KEY idx_is_bot (is_bot)',
  'DO 0');
PREPARE step FROM @statement;
EXECUTE step;
DEALLOCATE PREPARE step;
