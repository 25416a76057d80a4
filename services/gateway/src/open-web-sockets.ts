import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { setTimeout as delay, setInterval } from "node:timers/promises";
import { ChatError } from "@resonance/kit";
import { limits } from "@resonance/mq-proto";
import { type WebSocket, WebSocketServer } from "ws";
import { authenticate, type Caller } from "./authenticate.ts";
import { addressOf, Connection, type KeepAlive } from "./connection.ts";
import type { Connections } from "./connections.ts";
import { overLimit } from "./limits.ts";
import type { LogicClients } from "./logic-clients.ts";
import { MemoryReturn } from "./memory-return.ts";
import { onPacket, type PacketDeps } from "./on-packet.ts";
import { isAllowedOrigin } from "./origins.ts";
import { requestIdsOf } from "./request-ids.ts";
import { missed } from "./tell-of-breaks.ts";
import { tokenOf } from "./token.ts";
import { Turnstile } from "./turnstile.ts";

const closeHandshakeWithinMs = 5_000;
const lastSendsWithinMs = 6_000;
// The client fetches what it may have missed when it is announced.
const announceWithinMs = 1_000;

// Tokens of how many are checked at once, and how many wait for that. Logic answers some hundred a
// second; a client gives up after 10 s.
const admissions = { inside: 32, waiting: 2_000 };

const serverOptions = {
  noServer: true,
  perMessageDeflate: false,
  maxPayload: limits.frameMaxBytes,
  clientTracking: false,
  // No subprotocol is ever selected.
  handleProtocols: () => false as const,
  // Text frames are protobuf too, and the decoder is the judge of their UTF-8.
  skipUTF8Validation: true,
  closeTimeout: closeHandshakeWithinMs,
};

export type WebSockets = AsyncDisposable & {
  /** Answers an upgrade request: 101 for `/ws` with a valid token. Never throws. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
};

export type WebSocketDeps = PacketDeps & {
  readonly logic: Pick<LogicClients, "auth" | "chat">;
  readonly connections: Connections;
  readonly allowedOrigins: ReadonlySet<string>;
  readonly keepAlive: KeepAlive;
};

/**
 * The WebSocket side of the gateway. Disposing takes no more packets, answers those that were
 * taken, for at most 6 s, and then ends each connection without a close frame.
 */
export function openWebSockets(deps: WebSocketDeps): WebSockets {
  const stop = new AbortController();
  const abandonSends = new AbortController();
  const server = new WebSocketServer(serverOptions);
  const memory = new MemoryReturn();
  const turnstile = new Turnstile(admissions);
  const checking = keepChecking(deps, memory, stop.signal);

  return {
    upgrade(request, socket, head) {
      socket.on("error", (error) => deps.log.debug({ err: error }, "upgrade socket failed"));
      const open = async () => {
        const admission = await admit(deps, turnstile, request, stop.signal);
        if (admission.kind === "refused") return refuse(deps, socket, admission);
        const { username } = admission.caller;
        using arrival = deps.connections.announce(username, addressOf(request.socket));
        const isAnnounced = await Promise.race([
          arrival.announced.then(() => true),
          delay(announceWithinMs, false, { ref: false }),
        ]);
        if (stop.signal.aborted) return refuse(deps, socket, { ...stopping, ...admission });
        server.handleUpgrade(request, socket, head, (webSocket) => {
          const connection = hold(deps, memory, admission, request, webSocket, abandonSends.signal);
          // What was published until then has passed it by.
          if (!isAnnounced) void arrival.announced.then(() => connection.send(missed));
        });
      };
      open().catch((error: unknown) => {
        deps.log.error({ err: error }, "upgrade failed");
        socket.destroy();
      });
    },
    async [Symbol.asyncDispose]() {
      stop.abort(new ChatError("unavailable", "the gateway is stopping"));
      const giveUp = setTimeout(() => abandonSends.abort(stop.signal.reason), lastSendsWithinMs);
      await Promise.all(deps.connections.all().map((connection) => connection.leave()));
      clearTimeout(giveUp);
      await checking;
    },
  };
}

type Refused = { readonly status: number; readonly error: string; readonly traceId: string };

type Admission =
  | { readonly kind: "admitted"; readonly caller: Caller; readonly traceId: string }
  | ({ readonly kind: "refused" } & Refused);

const crowded = { status: 503, error: "unavailable: too many are connecting" };
const stopping = { status: 503, error: "unavailable: the gateway is stopping" };

async function admit(
  deps: WebSocketDeps,
  turnstile: Turnstile,
  request: IncomingMessage,
  signal: AbortSignal,
): Promise<Admission> {
  const { traceId } = requestIdsOf(request.headers);
  if (!deps.limits.allowsRequest(request)) return { kind: "refused", ...overLimit, traceId };
  const url = URL.parse(request.url ?? "", "http://gateway");
  if (url?.pathname !== "/ws") {
    return { kind: "refused", status: 404, error: "not found", traceId };
  }
  if (!isAllowedOrigin(request.headers, deps.allowedOrigins)) {
    return { kind: "refused", status: 403, error: "forbidden: unknown origin", traceId };
  }
  const token = tokenOf(request.headers, url.searchParams);
  using place = await turnstile.enter();
  // Who has left the line costs Logic nothing.
  if (!place || request.socket.destroyed) return { kind: "refused", ...crowded, traceId };
  const result = await authenticate(deps, token, traceId, signal);
  if (result.kind === "refused") return { kind: "refused", ...result.refusal, traceId };
  return { kind: "admitted", caller: result.caller, traceId };
}

function refuse(deps: WebSocketDeps, socket: Duplex, refusal: Refused): void {
  const { status, error, traceId } = refusal;
  if (status !== overLimit.status) {
    deps.log.info({ path: "/ws", status, error, traceId }, "socket refused");
  }
  const body = JSON.stringify({ error });
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      "Connection: close",
      "Content-Type: application/json",
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Trace-ID: ${traceId}`,
      "",
      body,
    ].join("\r\n"),
  );
}

function hold(
  deps: WebSocketDeps,
  memory: MemoryReturn,
  admission: { readonly caller: Caller; readonly traceId: string },
  request: IncomingMessage,
  socket: WebSocket,
  signal: AbortSignal,
): Connection {
  const openedAtMs = Date.now();
  const connection = new Connection({
    caller: admission.caller,
    socket,
    transport: request.socket,
    handle: async (source, bytes) => {
      try {
        await onPacket(deps, source, bytes, signal);
      } catch (error) {
        deps.log.error({ err: error, connectionId: source.id }, "packet failed");
      }
    },
    log: deps.log,
  });
  const { id: connectionId, username, remoteIp } = connection;
  deps.connections.add(connection);
  memory.count();
  deps.log.info(
    { path: "/ws", traceId: admission.traceId, connectionId, username, remoteIp },
    "socket opened",
  );
  socket.once("close", (code) => {
    deps.connections.remove(connection);
    memory.count();
    const durationMs = Date.now() - openedAtMs;
    deps.log.info({ path: "/ws", connectionId, username, code, durationMs }, "socket closed");
  });
  return connection;
}

async function keepChecking(
  deps: Pick<WebSocketDeps, "connections" | "keepAlive">,
  memory: MemoryReturn,
  signal: AbortSignal,
): Promise<void> {
  const { checkEveryMs } = deps.keepAlive;
  try {
    for await (const _ of setInterval(checkEveryMs, undefined, { signal })) {
      for (const connection of deps.connections.all()) connection.check(deps.keepAlive);
      memory.check();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
