import type { LogsFound, Panel } from "@resonance/ops-mcp";
import { proposalAnswer } from "../../commands/proposal-commands.ts";
import type { Language } from "../../language.ts";
import { compareLogs } from "./compare-logs.ts";
import { lookAtEnds, lookAtUptime } from "./look-at-ends.ts";
import { isAboutSending, lookAtSending } from "./look-at-sending.ts";
import { asksPlainState } from "./plain-state.ts";
import { renderAlerts } from "./render/alerts.ts";
import { renderDescription } from "./render/description.ts";
import { renderDiagnosis } from "./render/diagnosis.ts";
import { errorText } from "./render/error-text.ts";
import { renderEvents } from "./render/events.ts";
import { helpText, whichServiceText } from "./render/help.ts";
import { renderImStatus } from "./render/im-status.ts";
import { linesMaxBytes, renderLogs, renderQuiet } from "./render/logs.ts";
import { renderMetrics } from "./render/metrics.ts";
import { renderPods } from "./render/pods.ts";
import { renderServices } from "./render/services.ts";
import type { Toolbox } from "./toolbox.ts";
import type { Arguments, Understanding } from "./understanding.ts";
import { unknownText } from "./unknown-text.ts";

/** Does what was understood, and writes the answer. Reads; a restart is only ever proposed. */
export async function act(
  understanding: Understanding,
  asked: string,
  tools: Toolbox,
  signal: AbortSignal,
): Promise<string> {
  const { intent, args, language } = understanding;
  switch (intent) {
    case "get_logs":
      return await showLogs(understanding, tools, signal);
    case "get_metrics":
      return await showMetrics(understanding, asked, tools, signal);
    case "list_services":
      return await showServices(language, tools, signal);
    case "list_pods":
      return renderPods(
        await tools.call("list_pods", optional({ service: args.service }), signal),
        language,
      );
    case "diagnose":
      return await diagnose(understanding, asked, tools, signal);
    case "list_events":
    case "get_alerts":
    case "im_status":
    case "describe":
      return await look(intent, understanding, asked, tools, signal);
    case "restart_service":
      return await proposeRestart(understanding, asked, tools, signal);
    case "help":
      return helpText(language);
    case "unknown":
      return unknownText(asked, language, understanding.named);
    default:
      return intent satisfies never;
  }
}

/** Asks for a restart, which somebody has to approve. Nothing is restarted here. */
async function proposeRestart(
  { args, language }: Understanding,
  asked: string,
  tools: Toolbox,
  signal: AbortSignal,
): Promise<string> {
  const { service } = args;
  if (service === undefined) return whichServiceText(language, "restart");
  const input = { service, reason: asked.slice(0, 300) };
  // What comes of a writing tool is what the loop says of the proposal.
  return proposalAnswer(await tools.call("restart_service", input, signal), language);
}

async function showLogs(
  understanding: Understanding,
  tools: Toolbox,
  signal: AbortSignal,
): Promise<string> {
  const { args, language } = understanding;
  const { service, level, include, exclude } = args;
  if (service !== undefined) {
    const limit = clamp(args.limit);
    const input = { service, ...logInput(understanding), ...optional({ limit }) };
    const result = await tools.call("get_logs", input, signal);
    const found = result.outcome === "error" ? [] : [result.data];
    return joined(
      await comparison(understanding, found, tools, signal),
      renderLogs(result, language),
    );
  }
  if (level === undefined && include === undefined && exclude === undefined) {
    return whichServiceText(language, "logs");
  }
  return await searchEverywhere(understanding, tools, signal);
}

const everywhereLimit = 10;
const ownServices = ["gateway", "logic", "task", "bot"];

async function searchEverywhere(
  understanding: Understanding,
  tools: Toolbox,
  signal: AbortSignal,
): Promise<string> {
  const { args, language } = understanding;
  const listed = await tools.call("list_services", {}, signal);
  // In a cluster nothing is started by us: our services have their usual names there.
  const isElsewhere = listed.outcome === "error" && listed.cause === "not_configured";
  if (listed.outcome === "error" && !isElsewhere) return errorText(listed, language);
  const found: string[] = [];
  const quiet: LogsFound[] = [];
  const searched: LogsFound[] = [];
  const unread: string[] = [];
  const names =
    listed.outcome === "error" ? ownServices : listed.data.services.map(({ name }) => name);
  const limit = clamp(args.limit) ?? everywhereLimit;
  for (const service of names) {
    const result = await tools.call(
      "get_logs",
      { service, ...logInput(understanding), limit },
      signal,
    );
    if (result.outcome === "ok") {
      searched.push(result.data);
      found.push(renderLogs(result, language, linesMaxBytes / names.length));
    } else if (result.outcome === "no_data" && !result.causes.includes("service_has_no_log")) {
      searched.push(result.data);
      quiet.push(result.data);
    } else if (result.outcome === "error" && isElsewhere && result.cause === "not_configured") {
      return errorText(result, language);
    } else unread.push(service);
  }
  if (quiet.length > 0) found.push(renderQuiet(quiet, language));
  const zh = language === "zh";
  if (unread.length > 0) {
    const names = unread.join(zh ? "、" : ", ");
    found.push(zh ? `没有可读的日志：${names}。` : `No log to read: ${names}.`);
  }
  return joined(await comparison(understanding, searched, tools, signal), ...found);
}

async function comparison(
  understanding: Understanding,
  found: readonly LogsFound[],
  tools: Toolbox,
  signal: AbortSignal,
): Promise<string> {
  const { args, language } = understanding;
  if (args.compareTo === undefined || args.previous) return "";
  const { level, include, exclude } = logInput(understanding);
  return await compareLogs(found, optional({ level, include, exclude }), language, tools, signal);
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("\n\n");
}

async function showMetrics(
  understanding: Understanding,
  asked: string,
  tools: Toolbox,
  signal: AbortSignal,
): Promise<string> {
  const { args, language } = understanding;
  const panel = panelOf(args);
  const input = {
    panel,
    ...optional({ service: args.service, ...windowOf(understanding) }),
    compare: args.compareTo === "previous",
  };
  const found = renderMetrics(await tools.call("get_metrics", input, signal), language, {
    ...optional({ percentile: args.percentile, service: args.service }),
    compared: input.compare,
  });
  if (panel !== "restarts") return found;
  return joined(await lookAtUptime(asked, args.service, language, tools, signal), found);
}

async function diagnose(
  understanding: Understanding,
  asked: string,
  tools: Toolbox,
  signal: AbortSignal,
): Promise<string> {
  const { args, language } = understanding;
  const window = optional(windowOf(understanding));
  const input = { ...optional({ service: args.service }), ...window };
  const found = await tools.call("diagnose", input, signal);
  // Of a time that is over, figures are most of what is left.
  const mayBeSending = isAboutSending(asked) || (window.until !== undefined && isSlow.test(asked));
  const isOfSending = mayBeSending && (args.service ?? "logic") === "logic";
  const sending = isOfSending ? await lookAtSending(window, language, tools, signal) : "";
  const ended =
    (await lookAtUptime(asked, args.service, language, tools, signal)) ||
    (await lookAtEnds(asked, args.service, language, tools, signal));
  const isAnswered = ended !== "" || sending !== "" || asksPlainState(asked);
  const beside = isAnswered ? undefined : asked;
  return joined(ended, sending, renderDiagnosis(found, language, beside));
}

const isSlow = /慢|卡|延迟|\b(?:slow\w*|sluggish|lagg?\w*|latenc\w+|delay\w*)\b/i;

type Looking = "list_events" | "get_alerts" | "im_status" | "describe";

async function look(
  intent: Looking,
  understanding: Understanding,
  asked: string,
  tools: Toolbox,
  signal: AbortSignal,
): Promise<string> {
  const { args, language } = understanding;
  const { service } = args;
  switch (intent) {
    case "list_events": {
      const input = optional({ service, ...windowOf(understanding) });
      return renderEvents(await tools.call("list_events", input, signal), language);
    }
    case "get_alerts":
      return renderAlerts(await tools.call("get_alerts", optional({ service }), signal), language);
    case "im_status":
      return renderImStatus(await tools.call("im_status", {}, signal), language, asked);
    case "describe": {
      if (service === undefined) return whichServiceText(language, "description");
      return renderDescription(await tools.call("describe", { service }, signal), language);
    }
    default:
      return intent satisfies never;
  }
}

/** The processes of this machine; where there are none, the pods of the cluster. */
export async function showServices(
  language: Language,
  tools: Toolbox,
  signal: AbortSignal,
): Promise<string> {
  const listed = await tools.call("list_services", {}, signal);
  if (listed.outcome !== "error" || listed.cause !== "not_configured") {
    return renderServices(listed, language);
  }
  const pods = await tools.call("list_pods", {}, signal);
  return pods.outcome === "error" && pods.cause === "not_configured"
    ? errorText(listed, language)
    : renderPods(pods, language);
}

function panelOf(args: Arguments): Panel {
  return args.messagesCount ? "messages" : (args.metric ?? "messages");
}

function logInput(understanding: Understanding) {
  const { level, include, exclude, previous } = understanding.args;
  return optional({
    ...windowOf(understanding),
    level,
    include: include === undefined ? undefined : asTyped(include),
    exclude: exclude === undefined ? undefined : asTyped(exclude),
    previous,
  });
}

/** What people type are words, not expressions: only `|`, classes, `\\d` and `.*` are meant so. */
function asTyped(text: string): string {
  return text.replace(/(?<![\\.])[*]|(?<!\\)[()+?{}^$]/g, "\\$&").slice(0, 200);
}

function windowOf({ args, until }: Understanding) {
  return { since: sinceOf(args), until };
}

function sinceOf({ sinceMinutes, sinceClock, day }: Arguments): string | undefined {
  return sinceMinutes === undefined ? (sinceClock ?? day) : `${sinceMinutes}m`;
}

function clamp(limit: number | undefined): number | undefined {
  return limit === undefined ? undefined : Math.min(500, Math.max(1, limit));
}

/** Without the keys that have no value: a tool's input knows absent, not undefined. */
function optional<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  // Object.fromEntries loses the keys' types; nothing but absent keys has changed.
  return Object.fromEntries(entries) as { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> };
}
