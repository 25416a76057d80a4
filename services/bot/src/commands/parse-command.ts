import { editDistance, type Panel, panels, serviceNames, type ToolInput } from "@resonance/ops-mcp";
import {
  type CommandName,
  type ControlName,
  commandNames,
  isControlName,
  shapeOf,
} from "./command-list.ts";

/** A text that begins with `/`. */
export type Command =
  | { readonly kind: "help" }
  | { readonly kind: "services" }
  | { readonly kind: "status" }
  | { readonly kind: "pods"; readonly input: ToolInput<"list_pods"> }
  | { readonly kind: "logs"; readonly input: ToolInput<"get_logs"> }
  | { readonly kind: "metrics"; readonly input: ToolInput<"get_metrics"> }
  | { readonly kind: "events"; readonly input: ToolInput<"list_events"> }
  | { readonly kind: "diagnose"; readonly input: ToolInput<"diagnose"> }
  /** Done by code of its own: see control-commands.ts. */
  | { readonly kind: "control"; readonly name: ControlName }
  | { readonly kind: "mistake"; readonly mistake: Mistake };

/** What is wrong with a command, with the nearest that would be right. */
export type Mistake =
  | { readonly what: "command"; readonly typed: string; readonly nearest: string }
  | { readonly what: "option"; readonly typed: string; readonly nearest: string }
  | { readonly what: "value"; readonly typed: string; readonly wanted: string }
  | { readonly what: "word"; readonly typed: string; readonly nearest: string }
  | { readonly what: "service" | "panel"; readonly typed: ""; readonly wanted: string };

const levels = ["debug", "info", "warn", "error"] as const;

type Words = {
  readonly positional: readonly string[];
  readonly options: ReadonlyMap<string, string>;
};

/** Whether a text is a command, parsed by code and by nothing else. */
export function isCommand(text: string): boolean {
  return text.trimStart().startsWith("/");
}

/** Parses a command. What is not understood becomes a mistake that names the nearest. */
export function parseCommand(text: string): Command {
  const [typed = "/", ...rest] = splitWords(text.normalize("NFKC").trim());
  const name = commandNames.find((command) => command === typed.toLowerCase());
  if (!name) return mistake({ what: "command", typed, nearest: nearestOf(typed, commandNames) });
  if (isControlName(name)) return { kind: "control", name };
  const words = parseWords(name, rest);
  if ("what" in words) return mistake(words);
  const { positional, options } = words;
  const limit = limitOf(options, name === "/logs" ? 500 : 50);
  if (typeof limit === "object") return mistake(limit);
  const service = positional[0];
  const namespace = options.get("--namespace");
  const since = options.get("--since");
  const until = options.get("--until");
  switch (name) {
    case "/help":
      return { kind: "help" };
    case "/services":
      return { kind: "services" };
    case "/status":
      return { kind: "status" };
    case "/pods": {
      const [status, node] = [options.get("--status"), options.get("--node")];
      return { kind: "pods", input: defined({ service, namespace, status, node, limit }) };
    }
    case "/events": {
      const all = options.has("--all") ? true : undefined;
      return { kind: "events", input: defined({ service, namespace, since, until, limit, all }) };
    }
    case "/diagnose":
      return { kind: "diagnose", input: defined({ service, namespace, since, until }) };
    case "/logs":
      return logsCommand(words, limit);
    case "/metrics":
      return metricsCommand(words);
    default:
      return name satisfies never;
  }
}

function logsCommand({ positional, options }: Words, limit: number | undefined): Command {
  const service = positional[0];
  if (service === undefined) {
    return mistake({ what: "service", typed: "", wanted: Object.keys(serviceNames).join(", ") });
  }
  const typedLevel = options.get("--level")?.toLowerCase().replace("warning", "warn");
  const level = levels.find((known) => known === typedLevel);
  if (typedLevel !== undefined && level === undefined) {
    return mistake({ what: "value", typed: `--level ${typedLevel}`, wanted: levels.join(", ") });
  }
  const given = {
    namespace: options.get("--namespace"),
    since: options.get("--since"),
    until: options.get("--until"),
    include: options.get("--grep"),
    exclude: options.get("--exclude"),
    level,
    limit,
    previous: options.has("--previous") ? true : undefined,
  };
  return { kind: "logs", input: { service, ...defined(given) } };
}

function metricsCommand({ positional, options }: Words): Command {
  const [panelTyped, serviceTyped] = positional;
  if (panelTyped === undefined) {
    return mistake({ what: "panel", typed: "", wanted: panels.join(", ") });
  }
  const wanted = panelTyped.toLowerCase().replaceAll("-", "_");
  const panel: Panel | undefined = panels.find((candidate) => candidate === wanted);
  if (!panel) return mistake({ what: "value", typed: panelTyped, wanted: panels.join(", ") });
  const service = serviceTyped ?? options.get("--service");
  const since = options.get("--since");
  const until = options.get("--until");
  return { kind: "metrics", input: { panel, ...defined({ service, since, until }) } };
}

function limitOf(options: Words["options"], most: number): number | undefined | Mistake {
  const typed = options.get("--limit");
  if (typed === undefined) return undefined;
  const limit = Number(typed);
  if (Number.isInteger(limit) && limit >= 1 && limit <= most) return limit;
  return { what: "value", typed: `--limit ${typed}`, wanted: `1 … ${most}` };
}

/** Splits at spaces; quotes hold a value with spaces together. */
function splitWords(text: string): string[] {
  return [...text.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"']|["'])+/g)].map(([word]) =>
    word.replace(
      /"([^"]*)"|'([^']*)'/g,
      (_, double?: string, single?: string) => double ?? single ?? "",
    ),
  );
}

function parseWords(command: CommandName, words: readonly string[]): Words | Mistake {
  const shape = shapeOf(command);
  const flags = shape.flags ?? [];
  const known = [...shape.options, ...flags];
  const positional: string[] = [];
  const options = new Map<string, string>();
  for (let index = 0; index < words.length; index++) {
    // A long dash is what a phone makes of two short ones.
    const word = (words[index] ?? "").replace(/^[—–]+/, "--");
    if (!word.startsWith("--")) {
      positional.push(word);
      continue;
    }
    const [name = "", inline] = word.split(/=(.*)/s, 2);
    if (!known.includes(name))
      return { what: "option", typed: name, nearest: nearestOf(name, known) };
    const value = flags.includes(name) ? "true" : (inline ?? words[++index]);
    if (value === undefined || value === "") return { what: "value", typed: name, wanted: "…" };
    options.set(name, value);
  }
  const extra = positional[shape.words];
  if (extra === undefined) return { positional, options };
  const nearest = command === "/logs" ? `--grep ${extra}` : "";
  return { what: "word", typed: extra, nearest };
}

function nearestOf(typed: string, known: readonly string[]): string {
  const [nearest] = [...known].sort(
    (one, other) =>
      editDistance(typed.toLowerCase(), one) - editDistance(typed.toLowerCase(), other),
  );
  return nearest ?? "";
}

function mistake(what: Mistake): Command {
  return { kind: "mistake", mistake: what };
}

/** Without the keys that have no value: a tool's input knows absent, not undefined. */
function defined<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  // Object.fromEntries loses the keys' types; nothing but absent keys has changed.
  return Object.fromEntries(entries) as { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> };
}
