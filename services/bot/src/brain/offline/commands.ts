import { editDistance, type Panel, panels, serviceNames } from "@resonance/ops-mcp";

/** A text that begins with `/`. */
export type Command =
  | { readonly kind: "help" }
  | { readonly kind: "services" }
  | { readonly kind: "logs"; readonly service: string; readonly options: LogOptions }
  | {
      readonly kind: "metrics";
      readonly panel: Panel;
      readonly service: string | undefined;
      readonly since: string | undefined;
    }
  | { readonly kind: "mistake"; readonly mistake: Mistake };

/** Options of `/logs`, those that were given. */
export type LogOptions = {
  readonly since?: string;
  readonly until?: string;
  readonly include?: string;
  readonly exclude?: string;
  readonly level?: string;
  readonly limit?: number;
};

/** What is wrong with a command, with the nearest that would be right. */
export type Mistake =
  | { readonly what: "command"; readonly typed: string; readonly nearest: string }
  | { readonly what: "option"; readonly typed: string; readonly nearest: string }
  | { readonly what: "value"; readonly typed: string; readonly wanted: string }
  | { readonly what: "service" | "panel"; readonly typed: ""; readonly wanted: string };

const commands = ["/help", "/services", "/logs", "/metrics"] as const;
const optionsOf = {
  "/help": [],
  "/services": [],
  "/logs": ["--since", "--until", "--grep", "--exclude", "--level", "--limit"],
  "/metrics": ["--since", "--service"],
} as const satisfies Record<(typeof commands)[number], readonly string[]>;
const levels = ["debug", "info", "warn", "error"];

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
  const name = commands.find((command) => command === typed.toLowerCase());
  if (!name) return mistake({ what: "command", typed, nearest: nearestOf(typed, commands) });
  const words = parseWords(rest, optionsOf[name]);
  if ("what" in words) return mistake(words);
  switch (name) {
    case "/help":
      return { kind: "help" };
    case "/services":
      return { kind: "services" };
    case "/logs":
      return logsCommand(words);
    case "/metrics":
      return metricsCommand(words);
    default:
      return name satisfies never;
  }
}

function logsCommand({ positional, options }: Words): Command {
  const service = positional[0];
  if (service === undefined) {
    return mistake({ what: "service", typed: "", wanted: Object.keys(serviceNames).join(", ") });
  }
  const level = options.get("--level")?.toLowerCase().replace("warning", "warn");
  if (level !== undefined && !levels.includes(level)) {
    return mistake({ what: "value", typed: `--level ${level}`, wanted: levels.join(", ") });
  }
  const typedLimit = options.get("--limit");
  const limit = typedLimit === undefined ? undefined : Number(typedLimit);
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1 && limit <= 500)) {
    return mistake({ what: "value", typed: `--limit ${typedLimit}`, wanted: "1 … 500" });
  }
  const given = {
    since: options.get("--since"),
    until: options.get("--until"),
    include: options.get("--grep"),
    exclude: options.get("--exclude"),
    level,
    limit,
  };
  return { kind: "logs", service, options: defined(given) };
}

function metricsCommand({ positional, options }: Words): Command {
  const [panelTyped, serviceTyped] = positional;
  if (panelTyped === undefined) {
    return mistake({ what: "panel", typed: "", wanted: panels.join(", ") });
  }
  const wanted = panelTyped.toLowerCase().replaceAll("-", "_");
  const panel = panels.find((candidate) => candidate === wanted);
  if (!panel) return mistake({ what: "value", typed: panelTyped, wanted: panels.join(", ") });
  return {
    kind: "metrics",
    panel,
    service: serviceTyped ?? options.get("--service"),
    since: options.get("--since"),
  };
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

function parseWords(words: readonly string[], known: readonly string[]): Words | Mistake {
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
    const value = inline ?? words[++index];
    if (value === undefined || value === "") return { what: "value", typed: name, wanted: "…" };
    options.set(name, value);
  }
  return { positional, options };
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

function defined(given: { [Key in keyof LogOptions]: LogOptions[Key] | undefined }): LogOptions {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
