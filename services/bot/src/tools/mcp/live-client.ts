import {
  Client,
  type JsonSchemaValidator,
  SdkHttpError,
  StreamableHTTPClientTransport,
  type Tool,
  UnsupportedProtocolVersionError,
} from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import type { Logger } from "@resonance/kit";
import { truncateRedacted } from "@resonance/ops-mcp";
import { boundedFetch, TooLargeError } from "./bounded-fetch.ts";
import type { McpServerConfig } from "./mcp-config.ts";

/** One connection, from its handshake to its end; never used again after that. */
export type LiveClient = AsyncDisposable & {
  readonly client: Client;
  /** Aborted, with the reason, once nothing more can come of the connection. */
  readonly gone: AbortSignal;
};

export type LiveClientDeps = {
  readonly log: Logger;
  /** Told when the server says that its tools are others. */
  readonly onTools: (tools: readonly Tool[]) => void;
};

const stderrLineMax = 2_000;

/**
 * Connects and shakes hands. A server gets nothing of ours: it may not ask for a completion, a
 * person's input or our folders.
 *
 * @throws the reason why there is no connection
 */
export async function openLiveClient(
  deps: LiveClientDeps,
  server: McpServerConfig,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<LiveClient> {
  // A probe for the newest protocol costs a second process on stdio: only if the first is refused.
  const first = server.reach.kind === "http" ? "auto" : "legacy";
  try {
    return await connect(deps, server, first, timeoutMs, signal);
  } catch (error) {
    if (first === "auto" || !(error instanceof UnsupportedProtocolVersionError)) throw error;
    return await connect(deps, server, "auto", timeoutMs, signal);
  }
}

async function connect(
  deps: LiveClientDeps,
  server: McpServerConfig,
  mode: "auto" | "legacy",
  timeoutMs: number,
  signal: AbortSignal,
): Promise<LiveClient> {
  const gone = new AbortController();
  const { log, onTools } = deps;
  const client = new Client(
    { name: "resonance-ops-bot", version: "0.1.0" },
    {
      capabilities: {},
      versionNegotiation: { mode, probe: { timeoutMs } },
      jsonSchemaValidator: unchecked,
      inputRequired: { autoFulfill: false },
      listMaxPages: 16,
      listChanged: {
        tools: { debounceMs: 1_000, onChanged: (_, tools) => tools && onTools(tools) },
      },
    },
  );
  const transport =
    server.reach.kind === "stdio"
      ? stdioTo(server, server.reach, log)
      : httpTo(server, server.reach, (error) => gone.abort(error));
  client.onclose = () => gone.abort(new Error("the server closed the connection"));
  client.onerror = (error) => {
    log.debug({ err: error }, "mcp connection");
    // The SDK's own stdio buffer gives its error no class; it gives up the process after saying it.
    if (error.message.startsWith("ReadBuffer exceeded")) {
      gone.abort(new TooLargeError(`the answer is larger than ${server.maxBytes} bytes`));
    }
  };
  try {
    await client.connect(transport, { timeout: timeoutMs, signal });
  } catch (error) {
    await client.close().catch((cause: unknown) => log.debug({ err: cause }, "mcp close"));
    throw gone.signal.aborted && gone.signal.reason instanceof TooLargeError
      ? gone.signal.reason
      : error;
  }
  return {
    client,
    gone: gone.signal,
    async [Symbol.asyncDispose]() {
      gone.abort(new Error("the connection was given up"));
      await client.close().catch((error: unknown) => log.debug({ err: error }, "mcp close"));
    },
  };
}

/** What structured results hold is data to us; schemas of strangers are not compiled into code. */
const unchecked = {
  getValidator<Type>(): JsonSchemaValidator<Type> {
    return (input) => ({
      valid: true,
      // The type is the schema's promise, which nobody here relies on.
      data: input as Type,
      errorMessage: undefined,
    });
  },
};

function stdioTo(
  server: McpServerConfig,
  { command, args, env, cwd }: Extract<McpServerConfig["reach"], { kind: "stdio" }>,
  log: Logger,
): StdioClientTransport {
  const transport = new StdioClientTransport({
    command,
    args: [...args],
    env: { ...env },
    ...(cwd === undefined ? {} : { cwd }),
    stderr: "pipe",
    maxBufferSize: server.maxBytes,
  });
  transport.stderr?.on("data", (chunk: Buffer) => {
    const stderr = truncateRedacted(chunk.toString("utf8"), stderrLineMax);
    log.debug({ stderr }, "mcp server wrote");
  });
  return transport;
}

function httpTo(
  server: McpServerConfig,
  { url, headers }: Extract<McpServerConfig["reach"], { kind: "http" }>,
  onTooLarge: (error: TooLargeError) => void,
): StreamableHTTPClientTransport {
  return new StreamableHTTPClientTransport(url, {
    requestInit: { headers: { ...headers } },
    fetch: boundedFetch(server.maxBytes, onTooLarge),
    reconnectionOptions: {
      initialReconnectionDelay: 1_000,
      maxReconnectionDelay: 30_000,
      reconnectionDelayGrowFactor: 2,
      maxRetries: 3,
    },
  });
}

/** Whether an HTTP server is gone or does not know us any more, as after its restart. */
export function meansLost(error: unknown): boolean {
  // What fetch throws when nobody answers is a TypeError.
  if (error instanceof TypeError) return true;
  return error instanceof SdkHttpError && (error.status === 404 || error.status === 400);
}
