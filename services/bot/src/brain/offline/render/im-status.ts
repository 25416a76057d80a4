import type { ImStatus, ToolOutput } from "@resonance/ops-mcp";
import type { Language } from "../../../language.ts";
import { isAboutDeadLetters, isAboutSlowQueries } from "../topics.ts";
import { errorText } from "./error-text.ts";
import { next, nextQuestionsText } from "./next-questions.ts";
import { partName } from "./part-names.ts";
import { countText, numberText, table } from "./phrases.ts";
import { runStateText } from "./run-states.ts";

/** The messaging system in one table, with what stands out and what could not be read. */
export function renderImStatus(
  result: ToolOutput<"im_status">,
  language: Language,
  asked = "",
): string {
  if (result.outcome === "error") return errorText(result, language);
  const zh = language === "zh";
  const status = result.data;
  const remarks = remarksOn(status, language);
  const head = [firstText(status, asked, language), ...remarks, verdict(status, remarks, language)]
    .filter((part) => part !== "")
    .join("\n");
  const missing = status.unknown.map((name) => partName(name, language));
  const unknown =
    status.unknown.length === 0
      ? ""
      : zh
        ? `⚠️ 没能读到：${missing.join("、")}。`
        : `⚠️ Could not be read: ${missing.join(", ")}.`;
  const questions = remarks.length === 0 ? [next.errorRate, next.latency] : [next.diagnoseAll];
  const columns = zh ? ["项目", "现在"] : ["what", "now"];
  return [
    head,
    table(columns, rowsOf(status, language)),
    unknown,
    nextQuestionsText(questions, language),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** What was asked for comes first; most want to know who is online. */
function firstText(status: ImStatus, asked: string, language: Language): string {
  const { database, deadLetters } = status;
  const zh = language === "zh";
  if (isAboutSlowQueries(asked) && database) {
    const { slowQueries, slowLimitSeconds, runningLong } = database;
    return zh
      ? `现在有 **${runningLong}** 条语句执行超过 1 秒；数据库启动以来超过 ${slowLimitSeconds} 秒的共 **${slowQueries}** 条。`
      : `**${runningLong}** ${runningLong === 1 ? "statement runs" : "statements run"} for over a second now; **${slowQueries}** took over ${slowLimitSeconds} s since the database was started.`;
  }
  if (isAboutDeadLetters(asked) && deadLetters) {
    const { total, unreplayed } = deadLetters;
    return zh
      ? `共有 **${total}** 条死信，其中 ${unreplayed} 条没有重放。`
      : `There are **${total}** dead letters, ${unreplayed} of them never replayed.`;
  }
  return onlineText(status, language);
}

/** "3 people are online". */
function onlineText({ presence }: ImStatus, language: Language): string {
  if (!presence) return "";
  const { onlineUsers } = presence;
  if (language === "zh") return `现在有 **${onlineUsers}** 人在线。`;
  return `**${onlineUsers}** ${onlineUsers === 1 ? "person is" : "people are"} online.`;
}

function verdict({ unknown }: ImStatus, remarks: readonly string[], language: Language): string {
  if (remarks.length > 0) return "";
  if (unknown.length > 0) {
    return language === "zh" ? "读到的部分没有异常。" : "Nothing stands out in what could be read.";
  }
  return language === "zh"
    ? "消息系统一切正常：没有新的死信，没有积压，没有卡住的查询。"
    : "The messaging system is well: no new dead letters, no backlog, no statement that hangs.";
}

function rowsOf(status: ImStatus, language: Language): string[][] {
  const zh = language === "zh";
  const { presence, outbox, deadLetters, database, stream, botRuns } = status;
  const rows: (readonly [string, string] | undefined)[] = [
    presence
      ? [
          zh ? "在线用户" : "online users",
          zh
            ? `${presence.onlineUsers}（${presence.connections} 个连接，${presence.gateways} 个网关）`
            : `${presence.onlineUsers} (${countText(presence.connections, "connection")}, ${countText(presence.gateways, "gateway")})`,
        ]
      : undefined,
    status.sendsPerSecond === null
      ? undefined
      : [
          zh ? "发送速率" : "sends",
          zh
            ? `${numberText(status.sendsPerSecond)} 条/秒（最近 1 分钟）`
            : `${numberText(status.sendsPerSecond)}/s over the last minute`,
        ],
    outbox ? [zh ? "发件箱积压" : "outbox backlog", String(outbox.pending)] : undefined,
    ...(stream ? streamRows(stream, zh) : []),
    deadLetters
      ? [
          zh ? "死信" : "dead letters",
          zh
            ? `${deadLetters.total}（未重放 ${deadLetters.unreplayed}，最近一小时 ${deadLetters.lastHour}）`
            : `${deadLetters.total} (${deadLetters.unreplayed} never replayed, ${deadLetters.lastHour} in the last hour)`,
        ]
      : undefined,
    database
      ? [
          zh ? "慢查询" : "slow statements",
          zh
            ? `启动以来 ${database.slowQueries} 条超过 ${database.slowLimitSeconds} 秒；正在执行超过 1 秒的 ${database.runningLong} 条；一次往返 ${numberText(database.roundTripMs)} ms`
            : `${database.slowQueries} over ${database.slowLimitSeconds} s since its start; ${database.runningLong} run for over 1 s now; round trip ${numberText(database.roundTripMs)} ms`,
        ]
      : undefined,
    botRuns
      ? [
          zh ? "机器人问答（24 小时）" : "bot runs of 24 h",
          Object.entries(botRuns)
            .map(([state, count]) => `${runStateText(state, language)} ${count}`)
            .join(" · ") || "0",
        ]
      : undefined,
  ];
  return rows.filter((row) => row !== undefined).map((row) => [...row]);
}

function streamRows(stream: NonNullable<ImStatus["stream"]>, zh: boolean): [string, string][] {
  if (!stream.connected) return [["NATS", zh ? "**未连接**" : "**not connected**"]];
  return stream.consumers.map(({ name, pending, unacknowledged }) => [
    zh ? `消费积压 ${name}` : `consumer lag of ${name}`,
    zh
      ? `${pending} 条等待，${unacknowledged} 条处理中`
      : `${pending} waiting, ${unacknowledged} being handled`,
  ]);
}

/** What a person should see at once. */
function remarksOn(
  { stream, database, deadLetters, outbox, unknown }: ImStatus,
  language: Language,
): string[] {
  const zh = language === "zh";
  const remarks: string[] = [];
  if (database === null && unknown.includes("database")) {
    remarks.push(zh ? "🔴 数据库连不上。" : "🔴 The database cannot be reached.");
  }
  if (stream && !stream.connected) {
    remarks.push(
      zh
        ? "🔴 NATS 连不上：推送和机器人在等待。"
        : "🔴 NATS cannot be reached: deliveries and bots wait.",
    );
  }
  if (database && database.runningLong > 0) {
    remarks.push(
      zh
        ? `🟠 数据库有 ${database.runningLong} 条语句执行超过 1 秒。`
        : `🟠 ${database.runningLong} statements of the database run for over a second.`,
    );
  }
  if (deadLetters && deadLetters.lastHour > 0) {
    remarks.push(
      zh
        ? `🟠 最近一小时新增 ${deadLetters.lastHour} 条死信（\`npm run dead-letters\`）。`
        : `🟠 ${deadLetters.lastHour} dead letters in the last hour (\`npm run dead-letters\`).`,
    );
  }
  if (outbox && outbox.pending > 1_000) {
    remarks.push(
      zh
        ? `🟠 发件箱积压 ${outbox.pending} 条。`
        : `🟠 ${outbox.pending} events wait in the outbox.`,
    );
  }
  for (const { name, pending } of stream?.consumers ?? []) {
    if (pending > 1_000) {
      remarks.push(
        zh ? `🟠 ${name} 积压 ${pending} 条。` : `🟠 ${name} lags behind by ${pending}.`,
      );
    }
  }
  return remarks;
}
