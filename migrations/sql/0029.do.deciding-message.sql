-- By which message a proposal was decided: read again after a crash, it has decided the same.

SET @statement = IF(
  (SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE()
    AND table_name = 't_bot_proposal' AND column_name = 'decided_msg_id') = 0,
  'ALTER TABLE t_bot_proposal ADD COLUMN decided_msg_id BIGINT NULL AFTER decided_by',
  'DO 0');
PREPARE step FROM @statement;
EXECUTE step;
DEALLOCATE PREPARE step;
