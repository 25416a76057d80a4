-- The id the sender's client chose: sending the same message twice stores it once.
-- NULL for messages of a sender that chose none; a unique key admits any number of those.

SET @statement = IF(
  (SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE()
    AND table_name = 't_message_content' AND column_name = 'client_msg_id') = 0,
  'ALTER TABLE t_message_content ADD COLUMN client_msg_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL',
  'DO 0');
PREPARE step FROM @statement;
EXECUTE step;
DEALLOCATE PREPARE step;

SET @statement = IF(
  (SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE()
    AND table_name = 't_message_content' AND index_name = 'uniq_sender_client') = 0,
  'ALTER TABLE t_message_content ADD UNIQUE KEY uniq_sender_client (sender_username, client_msg_id)',
  'DO 0');
PREPARE step FROM @statement;
EXECUTE step;
DEALLOCATE PREPARE step;
