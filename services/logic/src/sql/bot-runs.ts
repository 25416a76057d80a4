import type { Transaction } from "@resonance/db";
import type { MsgId, SeqId, SessionId, Username } from "@resonance/mq-proto";

/** A question that a bot is to answer, as the bot's workers find it. */
export type BotRunRow = {
  readonly msgId: MsgId;
  readonly bot: Username;
  readonly sessionId: SessionId;
  readonly seqId: SeqId;
  readonly requester: Username;
  readonly language: string;
  /** Such as `/cancel`; empty for what is no command. */
  readonly command: string;
  readonly createdAt: Date;
};

export async function insertBotRuns(tx: Transaction, rows: readonly BotRunRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.execute(
    `INSERT INTO t_bot_run
       (msg_id, bot_username, session_id, seq_id, requester, language, command, created_at)
     VALUES ?`,
    [
      rows.map((row) => [
        row.msgId,
        row.bot,
        row.sessionId,
        row.seqId,
        row.requester,
        row.language,
        row.command,
        row.createdAt,
      ]),
    ],
  );
}
