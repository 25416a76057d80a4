import { createServer, type Server, type ServerResponse } from "node:http";
import { answerBadly } from "./troubled-server.ts";

export type TroubledHttp = AsyncDisposable & {
  readonly url: string;
  /** What the requests so far carried as their authorization. */
  readonly authorizations: ReadonlySet<string | undefined>;
  /** The tools that were called, in order. */
  readonly called: readonly string[];
};

/**
 * The troubled server over streamable HTTP, answering in JSON or in event streams. It knows only
 * the sessions that it has made itself.
 */
export async function openTroubledHttp(options: {
  readonly port: number;
  readonly form: "json" | "events";
  readonly tools: () => string;
}): Promise<TroubledHttp> {
  const session = String(Math.random());
  const authorizations = new Set<string | undefined>();
  const called: string[] = [];
  const server = createServer((request, response) => {
    authorizations.add(request.headers.authorization);
    if (request.method !== "POST") return void response.writeHead(405).end();
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const message = JSON.parse(Buffer.concat(chunks).toString());
      if (message.method === "tools/call") called.push(message.params.name);
      const begins = message.method === "initialize";
      if (!begins && request.headers["mcp-session-id"] !== session) {
        return void response.writeHead(404).end();
      }
      if (message.id === undefined) return void response.writeHead(202).end();
      const events = options.form === "events";
      const type = events ? "text/event-stream" : "application/json";
      response.writeHead(200, { "content-type": type, "mcp-session-id": session });
      answerBadly(
        {
          tools: options.tools,
          crash: () => response.destroy(),
          write: events ? (bytes) => writeEvent(response, bytes) : (bytes) => response.end(bytes),
        },
        message,
      );
    });
  });
  await listen(server, options.port);
  return {
    url: `http://127.0.0.1:${options.port}/mcp`,
    authorizations,
    called,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function writeEvent(response: ServerResponse, bytes: string | Uint8Array): void {
  response.write("data: ");
  response.write(bytes);
  response.write("\n\n");
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
}
