import { SdkError, SdkErrorCode, type Tool } from "@modelcontextprotocol/client";
import type { Logger } from "@resonance/kit";
import { redactJson } from "@resonance/redact";
import type { ToolOutcome, ToolSource } from "../tool-source.ts";
import { TooLargeError } from "./bounded-fetch.ts";
import { outcomeOf } from "./call-outcome.ts";
import type { McpServerConfig } from "./mcp-config.ts";
import {
  type ConnectionState,
  McpConnection,
  type McpConnectionOptions,
  ServerAwayError,
} from "./mcp-connection.ts";
import { type OfferedTool, reviewTools } from "./review-tools.ts";
import type { ToolPins } from "./tool-pins.ts";

export type McpSource = ToolSource & {
  /** Everything the server offers and the configuration names, with why it can be called or not. */
  offered(): readonly OfferedTool[];
  readonly state: ConnectionState;
  /** Waits until the server's first answer, or until it is clear that there is none. */
  settled(signal: AbortSignal): Promise<void>;
  /** Looks again at what the server offers and what is accepted. */
  reviewAgain(): Promise<void>;
};

export type McpSourceOptions = {
  readonly log: Logger;
  readonly pins: ToolPins;
  /** Whether what was never seen is accepted as it is now. A command that only looks says no. */
  readonly pinNewTools: boolean;
} & Pick<McpConnectionOptions, "connectTimeoutMs" | "healthIntervalMs" | "backoffMs">;

/** Opens the tools of one MCP server. The server need not be there yet, and may go and come. */
export function openMcpSource(server: McpServerConfig, options: McpSourceOptions): McpSource {
  const { log, pins, pinNewTools, ...timing } = options;
  let listed: readonly Tool[] | undefined;
  let offered: readonly OfferedTool[] = [];
  let reviewing: Promise<void> = Promise.resolve();

  const review = (): Promise<void> => {
    reviewing = reviewing.then(async () => {
      if (!listed) return;
      offered = await reviewTools({ log, pins, pinNewTools }, server, listed, offered);
    });
    return reviewing;
  };
  const connection = new McpConnection(server, {
    ...timing,
    log,
    onTools: (tools) => {
      listed = tools;
      void review();
    },
  });

  return {
    name: server.name,
    get state() {
      return connection.state;
    },
    offered: () => offered,
    definitions: () => offered.flatMap(({ definition }) => (definition ? [definition] : [])),
    async settled(signal) {
      await connection.settled(signal);
      await reviewing;
    },
    async reviewAgain() {
      await connection.listAgain();
      await review();
    },
    async call({ name, input }, _context, signal) {
      const tool = offered.find(({ definition }) => definition?.name === name);
      if (!tool) return refusal(offered, name);
      if (!isRecord(input)) return failure("bad_input", "the arguments must be an object", false);
      try {
        // A foreign server is outside the house: what a model asks of it carries no secret there.
        return outcomeOf(await connection.call(tool.tool, redactJson(input), signal));
      } catch (error) {
        signal.throwIfAborted();
        log.info({ err: error, mcpServer: server.name, tool: tool.tool }, "mcp call failed");
        return failureOf(server, error);
      }
    },
    async [Symbol.asyncDispose]() {
      await connection[Symbol.asyncDispose]();
      await reviewing;
    },
  };
}

function refusal(offered: readonly OfferedTool[], name: string): ToolOutcome {
  const known = offered.find((tool) => tool.name === name);
  const why = known ? whyNot[known.standing] : "there is no such tool";
  return failure("not_configured", `${name}: ${why}`, false);
}

const whyNot = {
  callable: "it can be called",
  not_allowed: "the operator does not allow it",
  changed: "its description or schema changed; an operator has to accept it first",
  not_pinned: "an operator has to accept it first",
  unusable: "its definition cannot be used",
  missing: "the server does not offer it",
} as const satisfies Record<OfferedTool["standing"], string>;

function failureOf(server: McpServerConfig, error: unknown): ToolOutcome {
  const { name, timeoutMs } = server;
  if (error instanceof ServerAwayError) {
    return failure("unavailable", `the MCP server ${name} is away: ${error.message}`, true);
  }
  if (error instanceof TooLargeError) {
    return failure("too_large", `${error.message}; narrow the call`, false);
  }
  if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout) {
    return failure("timed_out", `the MCP server ${name} did not answer in ${timeoutMs} ms`, true);
  }
  const message = error instanceof Error ? error.message : String(error);
  return failure("unavailable", `the MCP server ${name}: ${message}`, true);
}

function failure(cause: string, message: string, retryHelps: boolean): ToolOutcome {
  const retry = retryHelps ? "A retry may help." : "A retry does not help.";
  return { outcome: "error", text: `ERROR (${cause}): ${message}. ${retry}` };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
