import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { type WsPacket, WsPacketSchema } from "@resonance/mq-proto/gateway";
import { backoffMs } from "./backoff.ts";
import { toClientError } from "./client-error.ts";
import type { Timing } from "./timing.ts";
import type { TokenSource } from "./token-source.ts";
import { wait } from "./wait.ts";

/** `offline` is the pause between two tries, and the end. */
export type ConnectionState = "connecting" | "online" | "offline";

/** With this code a gateway closes a socket whose token has expired or was revoked. */
const tokenEnded = 4401;
const worthKeepingMs = 1_000;

type Tried =
  | { readonly kind: "refused" | "failed" }
  | { readonly kind: "closed"; readonly code: number | undefined };

type Options = {
  readonly baseUrl: string;
  readonly tokens: TokenSource;
  readonly timing: Timing;
  readonly onState: (state: ConnectionState) => void;
  readonly onPacket: (packet: WsPacket) => void;
  /** Asked when a connection could not be opened, which a browser does not explain. */
  readonly isTokenRefused: () => Promise<boolean>;
  readonly onTokenRefused: () => void;
};

const pulse = toBinary(
  WsPacketSchema,
  create(WsPacketSchema, { seq: "pulse", payload: { case: "pulse", value: {} } }),
);

/**
 * One WebSocket after another, for ever:
 *
 *     connecting ──open──▶ online ──closed or silent──▶ offline ──pause, or network is back──┐
 *         ▲  └──────────failed or token refused ───────────▲ │                               │
 *         └──────────────────────────────────────────────────┼───────────────────────────────┘
 *                                    aborted or token refused ▼ end
 */
export class Connection {
  readonly #options: Options;
  readonly #signal: AbortSignal;
  #socket: WebSocket | undefined;
  #answerTimer: ReturnType<typeof setTimeout> | undefined;
  #dropSocket: (() => void) | undefined;
  #endPause: (() => void) | undefined;
  /** Resolves when the last socket is closed. */
  readonly done: Promise<void>;

  constructor(options: Options, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
    this.done = this.#run();
  }

  /** Returns whether there was an open connection to give the frame to. */
  transmit(frame: Uint8Array): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    // A copy: the DOM's type wants a buffer that is not shared.
    this.#socket.send(new Uint8Array(frame));
    return true;
  }

  /** Ends a pause at once; asks an open connection for a sign of life. */
  check(): void {
    this.#endPause?.();
    if (!this.transmit(pulse) || this.#answerTimer !== undefined) return;
    const { answerWithinMs } = this.#options.timing;
    this.#answerTimer = setTimeout(() => this.#dropSocket?.(), answerWithinMs);
  }

  async #run(): Promise<void> {
    const { timing, onState } = this.#options;
    const check = () => this.check();
    // Node has no such events.
    for (const change of ["online", "offline"]) {
      globalThis.addEventListener?.(change, check, { signal: this.#signal });
    }
    let earlierTries = 0;
    while (!this.#signal.aborted) {
      onState("connecting");
      const startedAt = Date.now();
      const tried = await this.#tryOnce();
      onState("offline");
      if (this.#signal.aborted) return;
      if (tried.kind === "refused") {
        this.#options.onTokenRefused();
        return;
      }
      // A server that accepts and drops at once is not to be hurried either.
      const lastedMs = Date.now() - startedAt;
      if (tried.kind === "closed" && lastedMs > timing.reconnectMaxMs) earlierTries = 0;
      // The next one has a token of its own.
      const isRenewal = tried.kind === "closed" && tried.code === tokenEnded;
      if (isRenewal && lastedMs > worthKeepingMs) continue;
      const limits = { baseMs: timing.reconnectBaseMs, maxMs: timing.reconnectMaxMs };
      await this.#pause(backoffMs(earlierTries++, limits));
    }
  }

  async #tryOnce(): Promise<Tried> {
    let token: string;
    try {
      token = await this.#options.tokens.token(this.#signal);
    } catch (error) {
      return { kind: toClientError(error).reason === "not_signed_in" ? "refused" : "failed" };
    }
    const closed = await this.#holdSocket(token);
    if (closed.opened) return { kind: "closed", code: closed.code };
    const isRefused = !this.#signal.aborted && (await this.#options.isTokenRefused());
    return { kind: isRefused ? "refused" : "failed" };
  }

  /** Resolves when the socket is closed or given up, with whether it had been open. */
  #holdSocket(token: string): Promise<{ opened: boolean; code: number | undefined }> {
    const { timing } = this.#options;
    return new Promise((resolve) => {
      const socket = new WebSocket(socketUrl(this.#options.baseUrl, token));
      socket.binaryType = "arraybuffer";
      let opened = false;
      const finish = (event?: CloseEvent) => {
        clearTimeout(openTimer);
        clearInterval(pulseTimer);
        this.#heard();
        this.#signal.removeEventListener("abort", drop);
        this.#socket = undefined;
        resolve({ opened, code: event?.code });
      };
      // A dead network would keep the closing handshake waiting: the socket is left to itself.
      const drop = () => {
        socket.onopen = socket.onmessage = socket.onclose = null;
        socket.close();
        finish();
      };
      const openTimer = setTimeout(drop, timing.connectWithinMs);
      const pulseTimer = setInterval(() => this.check(), timing.pulseEveryMs);
      this.#dropSocket = drop;
      this.#signal.addEventListener("abort", drop);
      socket.onopen = () => {
        clearTimeout(openTimer);
        opened = true;
        this.#socket = socket;
        this.#options.onState("online");
      };
      socket.onmessage = (event: MessageEvent<unknown>) => {
        this.#heard();
        const packet = decode(event.data);
        // What cannot be read may have been a message: a new connection catches up on it.
        if (packet) this.#options.onPacket(packet);
        else drop();
      };
      socket.onclose = finish;
    });
  }

  #heard(): void {
    clearTimeout(this.#answerTimer);
    this.#answerTimer = undefined;
  }

  async #pause(durationMs: number): Promise<void> {
    const pause = new AbortController();
    this.#endPause = () => pause.abort();
    await wait(durationMs, AbortSignal.any([pause.signal, this.#signal]));
    this.#endPause = undefined;
  }
}

function socketUrl(baseUrl: string, token: string): URL {
  const url = new URL("/ws", baseUrl);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.searchParams.set("token", token);
  return url;
}

function decode(data: unknown): WsPacket | undefined {
  if (!(data instanceof ArrayBuffer)) return undefined;
  try {
    return fromBinary(WsPacketSchema, new Uint8Array(data));
  } catch {
    return undefined;
  }
}
