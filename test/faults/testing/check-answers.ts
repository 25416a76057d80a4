import type { Violation } from "./check.ts";
import { type HistoryLine, usernameOf } from "./history.ts";
import type { MessageRow, Tables } from "./tables.ts";

/** I9: each question that is stored has one answer, and a bot says nothing but answers. */
export function checkAnswers(history: readonly HistoryLine[], tables: Tables): Violation[] {
  const violations: Violation[] = [];
  const bots = new Set(tables.members.filter((row) => row.isBot).map((row) => row.username));
  const byBots = tables.messages.filter((row) => bots.has(row.sender));
  const answers = Map.groupBy(byBots, (row) => `${row.session} ${questionOf(row)}`);
  const asked = new Set<string>();
  const ids = new Map(tables.messages.map((row) => [`${row.sender} ${row.clientMsgId}`, row]));
  for (const line of history) {
    if (line.kind !== "send" || !line.asksBot) continue;
    const question = ids.get(`${usernameOf(line.device)} ${line.clientMsgId}`);
    if (!question || asked.has(question.msgId)) continue;
    asked.add(question.msgId);
    const found = answers.get(`${question.session} ${question.msgId}`) ?? [];
    if (found.length === 1) continue;
    const seqs = found.map((row) => `seq ${row.seq}`).join(", ") || "none";
    const what = `question ${question.msgId} in ${question.session} has ${found.length} answers: ${seqs}`;
    violations.push({ invariant: "I9", what });
  }
  const questions = new Set(tables.messages.map((row) => `${row.session} ${row.msgId}`));
  for (const row of byBots) {
    const question = questionOf(row);
    // A bot greets with the first message of its one-to-one session.
    if (question === undefined ? row.seq === 1 : questions.has(`${row.session} ${question}`)) {
      continue;
    }
    const what = `${row.sender} said ${row.msgId} in ${row.session} seq ${row.seq} unasked`;
    violations.push({ invariant: "I9", what });
  }
  return violations;
}

function questionOf(row: MessageRow): string | undefined {
  return /^answer:(\d+)$/.exec(row.clientMsgId ?? "")?.[1];
}
