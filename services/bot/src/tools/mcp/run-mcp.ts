import type { Logger } from "@resonance/kit";
import type { McpServerConfig } from "./mcp-config.ts";
import { type McpSource, openMcpSource } from "./mcp-source.ts";
import type { McpSettings } from "./open-mcp-sources.ts";
import type { OfferedTool } from "./review-tools.ts";
import type { PinnedDefinition } from "./tool-pins.ts";

export type RunMcpDeps = {
  readonly settings: McpSettings;
  readonly log: Logger;
  readonly say: (line: string) => void;
};

export const usage = `npm run mcp -- list            every server and its tools, and which can be called
npm run mcp -- accept NAME…    accept tools as they are now; a server's name stands for its tools`;

/** Whether the words are a whole command; anything else is answered with the usage. */
export function isCommand([command, ...names]: readonly string[]): boolean {
  return command === "list" ? names.length === 0 : command === "accept" && names.length > 0;
}

/**
 * The operator's command. Connects to the configured servers, tells what they offer, and accepts
 * what changed. Nothing is accepted but by `accept`.
 *
 * @returns the exit code: 1 where a configured tool cannot be called, or a name is unknown
 */
export async function runMcp(
  deps: RunMcpDeps,
  [command, ...names]: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  if (!isCommand([command ?? "", ...names])) {
    deps.say(usage);
    return 1;
  }
  const { servers, pins } = deps.settings;
  await using stack = new AsyncDisposableStack();
  const opened = servers.map((server) => ({
    server,
    source: stack.use(openMcpSource(server, { log: deps.log, pins, pinNewTools: false })),
  }));
  await Promise.all(opened.map(({ source }) => source.settled(signal)));
  if (command === "accept") return await accept(deps, opened, names);
  const fine = opened.map((one) => tell(deps.say, one.server, one.source));
  return fine.every(Boolean) ? 0 : 1;
}

type Opened = { readonly server: McpServerConfig; readonly source: McpSource };

/** Tells of one server; true where all that the configuration names can be called, or soon will. */
function tell(say: (line: string) => void, server: McpServerConfig, source: McpSource): boolean {
  const { state } = source;
  say(`${server.name}: ${state.kind === "away" ? `away: ${state.reason}` : state.kind}`);
  for (const tool of source.offered()) {
    const access = server.tools.get(tool.tool) ?? "";
    say(`  ${labels[tool.standing].padEnd(12)} ${access.padEnd(6)} ${tool.name}`);
    if (tool.standing !== "changed") continue;
    say(`    accepted: ${onOneLine(tool.accepted)}`);
    say(`    now:      ${onOneLine(tool.current)}`);
  }
  return (
    state.kind === "ready" &&
    source
      .offered()
      .every(({ standing }) => ["callable", "not_allowed", "not_pinned"].includes(standing))
  );
}

const labels = {
  callable: "callable",
  not_allowed: "denied",
  changed: "CHANGED",
  // The bot accepts it when it first sees it.
  not_pinned: "new",
  unusable: "UNUSABLE",
  missing: "MISSING",
} as const satisfies Record<OfferedTool["standing"], string>;

async function accept(
  { settings, say }: RunMcpDeps,
  opened: readonly Opened[],
  names: readonly string[],
): Promise<number> {
  let unknown = 0;
  for (const name of names) {
    const chosen = opened.flatMap(({ server, source }) =>
      source
        .offered()
        .filter(
          (tool) => tool.name === name || (server.name === name && tool.standing !== "not_allowed"),
        )
        .flatMap(({ tool, current }) => (current ? [{ server, tool, current }] : [])),
    );
    if (chosen.length === 0) {
      say(`${name}: no server offers it`);
      unknown += 1;
    }
    for (const { server, tool, current } of chosen) {
      await settings.pins.accept(server.name, new Map([[tool, current]]), new Date());
      say(`accepted ${server.name} ${tool}: ${onOneLine(current)}`);
    }
  }
  return unknown === 0 ? 0 : 1;
}

function onOneLine(definition: PinnedDefinition | undefined): string {
  if (!definition) return "";
  return JSON.stringify(definition);
}
