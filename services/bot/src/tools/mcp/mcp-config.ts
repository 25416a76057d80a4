import { readFileSync } from "node:fs";
import { ConfigError, type Environment } from "@resonance/kit";
import { z } from "zod";
import { reachOf } from "../../brain/model/reach.ts";
import { expandVariables } from "./expand-variables.ts";

/** An MCP server as the operator configured it. */
export type McpServerConfig = {
  /** As in the file; tools carry it as a prefix. */
  readonly name: string;
  readonly reach:
    | {
        readonly kind: "stdio";
        readonly command: string;
        readonly args: readonly string[];
        /** Beyond PATH, HOME and the like, the only environment that the server gets. */
        readonly env: Readonly<Record<string, string>>;
        readonly cwd: string | undefined;
      }
    | {
        readonly kind: "http";
        readonly url: URL;
        readonly headers: Readonly<Record<string, string>>;
      };
  /** Whether what is asked of it leaves the house. */
  readonly isOutside: boolean;
  /** What may be called, by the server's own names. All else is denied. */
  readonly tools: ReadonlyMap<string, "read" | "write">;
  readonly timeoutMs: number;
  /** The largest message that is taken from the server. */
  readonly maxBytes: number;
  /** What is called to see whether the server works; without it the server is only pinged. */
  readonly health: HealthCall | undefined;
};

export type HealthCall = {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
};

const mebibyte = 1024 * 1024;
// Of a result no more than 4 Mi characters are kept, and what the SDK's reading of a process takes
// grows with the square of the message: 20 s of the worker's time for 50 MB.
const largestMessage = 8 * mebibyte;

const entry = z.object({
  command: z.string().min(1).optional(),
  args: z.array(z.string()).default([]),
  env: z.record(z.string(), z.string()).default({}),
  cwd: z.string().min(1).optional(),
  url: z.url({ protocol: /^https?$/ }).optional(),
  headers: z.record(z.string(), z.string()).default({}),
  disabled: z.boolean().default(false),
  /** Default: by the host of the url; a command is in the house. */
  reach: z.enum(["local", "cloud"]).optional(),
  tools: z.record(z.string().min(1), z.enum(["read", "write"])).default({}),
  timeoutMs: z.number().int().min(100).max(300_000).default(30_000),
  maxBytes: z
    .number()
    .int()
    .min(1_024)
    .max(largestMessage)
    .default(4 * mebibyte),
  health: z
    .object({ tool: z.string(), arguments: z.record(z.string(), z.unknown()).default({}) })
    .optional(),
});

const file = z.object({ mcpServers: z.record(z.string().min(1), z.unknown()) });

/**
 * Reads a file in the usual `mcpServers` form. Keys that other programs understand and we do not
 * are passed over.
 *
 * @throws ConfigError that names all problems at once, never the values.
 */
export function readMcpConfig(path: string, environment: Environment): McpServerConfig[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new ConfigError(
      `cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return parseMcpConfig(text, environment, path);
}

/** As `readMcpConfig`, of the file's text; `path` is for the messages. */
export function parseMcpConfig(
  text: string,
  environment: Environment,
  path: string,
): McpServerConfig[] {
  const problems: string[] = [];
  const parsed = file.safeParse(parseJson(text, path));
  if (!parsed.success) {
    throw new ConfigError(`${path} must be {"mcpServers": {…}}`);
  }
  const servers = Object.entries(parsed.data.mcpServers).flatMap(([name, value]) => {
    const expanded = expandVariables(value, environment);
    for (const variable of expanded.missing) problems.push(`${name}: ${variable} is not set`);
    const result = entry.safeParse(expanded.value);
    if (!result.success) {
      for (const issue of result.error.issues) {
        problems.push(`${name}.${issue.path.join(".")}: ${issue.message}`);
      }
      return [];
    }
    if (result.data.disabled) return [];
    const server = serverOf(name, result.data, problems);
    return server ? [server] : [];
  });
  if (problems.length > 0) {
    throw new ConfigError(`${path} has ${problems.length} problem(s):\n  ${problems.join("\n  ")}`);
  }
  return servers;
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ConfigError(`${path} is not JSON`);
  }
}

function serverOf(
  name: string,
  read: z.output<typeof entry>,
  problems: string[],
): McpServerConfig | undefined {
  const { command, url, health, timeoutMs, maxBytes } = read;
  if ((command === undefined) === (url === undefined)) {
    problems.push(`${name}: either command or url must be given`);
    return undefined;
  }
  if (health && read.tools[health.tool] !== "read") {
    problems.push(`${name}.health.tool: must be one of tools, with "read"`);
  }
  const reach =
    url === undefined
      ? {
          kind: "stdio" as const,
          // One of the two is there: see above.
          command: command ?? "",
          args: read.args,
          env: read.env,
          cwd: read.cwd,
        }
      : { kind: "http" as const, url: new URL(url), headers: read.headers };
  const told = read.reach ?? (url === undefined ? "local" : reachOf(url));
  return {
    name,
    reach,
    isOutside: told === "cloud",
    tools: new Map(Object.entries(read.tools)),
    timeoutMs,
    maxBytes,
    health,
  };
}
