import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { readAnthropicRequest } from "./anthropic/read-request.ts";
import { anthropicError, anthropicErrorEvent, anthropicEvents } from "./anthropic/write-reply.ts";
import type { Exchange } from "./exchange.ts";
import { type Api, ApiRefusal, type ModelRequest } from "./model-request.ts";
import { readOpenaiRequest } from "./openai/read-request.ts";
import { openaiError, openaiErrorEvent, openaiEvents } from "./openai/write-reply.ts";
import type { Reply, Trouble } from "./reply.ts";
import { type ReplyOf, scriptOf, WrittenScript } from "./script.ts";
import { ScriptMismatch } from "./script-mismatch.ts";
import { sendAnswer, type Wait } from "./send-answer.ts";
import { type Spoken, spoken } from "./spoken.ts";

export type ScriptedModelOptions = {
  /** What every wait of the script is multiplied with, so that 90 s can pass in a test. Default 1. */
  readonly timeScale?: number;
  /** Requests with another key are refused as the real API does. Default: any. */
  readonly key?: string;
};

/**
 * A language model that says what it is told to, over HTTP on loopback: Anthropic's Messages API
 * and OpenAI's chat completions, streamed. Disposing closes every connection, and then
 * throws a ScriptMismatch unless the requests were those of the script.
 */
export type ScriptedModel = AsyncDisposable & {
  /** Base URL for either API: `http://127.0.0.1:port/v1`. */
  readonly url: string;
  /** All well-formed requests so far. */
  readonly requests: readonly ModelRequest[];
  /** How many connections were ever opened. */
  readonly connections: () => number;
  /** @throws ScriptMismatch, or what a script that is a function has thrown */
  assertDone(): void;
};

const largestBody = 64 * 1024 * 1024;

const apis = {
  "/v1/messages": {
    api: "anthropic",
    read: readAnthropicRequest,
    events: anthropicEvents,
    error: anthropicError,
    errorEvent: anthropicErrorEvent,
  },
  "/v1/chat/completions": {
    api: "openai",
    read: readOpenaiRequest,
    events: openaiEvents,
    error: openaiError,
    errorEvent: openaiErrorEvent,
  },
} as const;

type Dialect = (typeof apis)[keyof typeof apis];

/** `script`: the requests to come with their replies, or a function that answers any request. */
export async function openScriptedModel(
  script: readonly Exchange[] | ReplyOf,
  options: ScriptedModelOptions = {},
): Promise<ScriptedModel> {
  const followed = typeof script === "function" ? scriptOf(script) : new WrittenScript(script);
  const closing = new AbortController();
  const requests: ModelRequest[] = [];
  let connections = 0;
  let ids = 0;

  const deps: Deps = {
    options,
    newId: (prefix) => `${prefix}_${++ids}`,
    replyTo: (request) => {
      requests.push(request);
      return followed.replyTo(request);
    },
    signal: closing.signal,
  };
  const server = createServer((request, response) => {
    answer(deps, request, response).catch((error: unknown) => {
      // The client is gone, or the server closes: nobody is left to be told.
      if (!response.destroyed && !closing.signal.aborted) response.destroy(asError(error));
    });
  });
  server.on("connection", () => {
    connections += 1;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;

  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    connections: () => connections,
    assertDone: () => followed.assertDone(),
    async [Symbol.asyncDispose]() {
      if (!server.listening) return;
      closing.abort();
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
      followed.assertDone();
    },
  };
}

type Deps = {
  readonly options: ScriptedModelOptions;
  readonly newId: (prefix: string) => string;
  readonly replyTo: (request: ModelRequest) => Reply | Promise<Reply>;
  readonly signal: AbortSignal;
};

async function answer(
  deps: Deps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const dialect = dialectOf(request);
  if (dialect === undefined)
    return sendJson(response, 404, openaiError("not_found", "no such path"));
  try {
    const body: unknown = JSON.parse(await readText(request));
    checkKey(deps.options.key, dialect.api, request);
    const read = dialect.read(request.headers, body);
    const reply = await deps.replyTo(read);
    await speak(deps, dialect, read, reply, response);
  } catch (error) {
    if (response.headersSent || response.destroyed) throw error;
    const { status, type, message } = refusalOf(error);
    sendJson(response, status, dialect.error(type, message));
  }
}

function dialectOf({ method, url }: IncomingMessage): Dialect | undefined {
  const known: Readonly<Record<string, Dialect>> = apis;
  return method === "POST" ? known[url ?? ""] : undefined;
}

async function speak(
  deps: Deps,
  dialect: Dialect,
  request: ModelRequest,
  reply: Reply,
  response: ServerResponse,
): Promise<void> {
  const wait = waitOf(deps, response);
  if (reply.waitMs !== undefined) await wait(reply.waitMs);
  if (startsBadly(reply.trouble, dialect, response)) return;
  const said: Spoken = spoken(reply, request.model, deps.newId);
  const { trouble } = reply;
  const { errorEvent } = dialect;
  await sendAnswer(response, { pieces: dialect.events(said), trouble, errorEvent }, wait);
}

/** Troubles that come instead of an answer. */
function startsBadly(
  trouble: Trouble | undefined,
  dialect: Dialect,
  response: ServerResponse,
): boolean {
  switch (trouble?.kind) {
    case "status": {
      const { status, type, message, headers } = trouble;
      sendJson(response, status, dialect.error(type, message), headers);
      return true;
    }
    case "page":
      response.writeHead(trouble.status, { "content-type": "text/html" });
      response.end("<html><title>Bad gateway</title><h1>nginx at 10.4.7.11</h1></html>");
      return true;
    case "reset":
      if (trouble.afterDeltas !== undefined) return false;
      response.socket?.resetAndDestroy();
      return true;
    case "stall":
      return trouble.afterDeltas === undefined;
    case "cut":
    case "error_event":
    case "trickle":
    case undefined:
      return false;
    default:
      return trouble satisfies never;
  }
}

function waitOf({ options, signal }: Deps, response: ServerResponse): Wait {
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  const either = AbortSignal.any([signal, gone.signal]);
  return (ms) => delay(ms * (options.timeScale ?? 1), undefined, { signal: either });
}

function checkKey(key: string | undefined, api: Api, { headers }: IncomingMessage): void {
  if (key === undefined) return;
  const sent = api === "anthropic" ? headers["x-api-key"] : headers.authorization;
  if (sent === (api === "anthropic" ? key : `Bearer ${key}`)) return;
  throw new ApiRefusal(401, "authentication_error", "invalid x-api-key");
}

function refusalOf(error: unknown): ApiRefusal {
  if (error instanceof ApiRefusal) return error;
  if (error instanceof SyntaxError) {
    return new ApiRefusal(400, "invalid_request_error", "the body is not JSON");
  }
  if (error instanceof ScriptMismatch) {
    return new ApiRefusal(400, "script_mismatch", error.message);
  }
  throw error;
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > largestBody) throw new ApiRefusal(413, "request_too_large", "the body is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
