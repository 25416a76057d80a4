import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { Socket } from "node:net";
import type { Logger } from "@resonance/kit";
import type { Username } from "@resonance/mq-proto";
import type { PushMessage } from "@resonance/mq-proto/gateway";
import type { Revocation } from "@resonance/mq-proto/logic";
import { WebSocket } from "ws";
import type { Caller } from "./authenticate.ts";
import type { Frame } from "./frame.ts";
import { OwnEcho } from "./own-echo.ts";
import { PacketQueue } from "./packet-queue.ts";
import type { TokenMark } from "./token.ts";

/** What a client that reads too slowly may leave unread before it is cut off. */
const maxUnsentBytes = 1024 * 1024;
/** Beyond this what may be lost is not written: what may not comes first. */
const maxUnsentBeforeHints = 64 * 1024;
const farewellWithinMs = 1_000;
/** Application close code: a new token is needed, so reconnecting with this one is no use. */
const tokenEnded = 4401;

export type KeepAlive = {
  /** How often connections are looked at. */
  readonly checkEveryMs: number;
  readonly pingEveryMs: number;
  /** Without a byte from the client for this long the connection is dead. */
  readonly deadAfterMs: number;
};

/** One WebSocket of one user. */
export class Connection {
  /** Unique and unguessable: client message ids are derived from it. */
  readonly id = randomBytes(12).toString("base64url");
  readonly username: Username;
  /** `ip:port` */
  readonly remoteIp: string;
  readonly echo: OwnEcho<Frame>;
  readonly #socket: WebSocket;
  readonly #transport: Socket;
  readonly #packets: PacketQueue;
  readonly #log: Logger;
  readonly #token: TokenMark;
  #chatCount = 0;
  #bytesHeard = 0;
  // Not of the wall clock: a step of it would cut off everybody, or nobody for as long.
  #heardAtMs = performance.now();
  #pingedAtMs = performance.now();
  #isLeaving = false;

  /** `handle` must not reject; its calls for one connection never overlap. */
  constructor(options: {
    readonly caller: Caller;
    readonly socket: WebSocket;
    readonly transport: Socket;
    readonly handle: (connection: Connection, bytes: Uint8Array) => Promise<void>;
    readonly log: Logger;
  }) {
    this.username = options.caller.username;
    this.#token = options.caller.token;
    this.#socket = options.socket;
    this.#transport = options.transport;
    this.remoteIp = addressOf(options.transport);
    this.echo = new OwnEcho(this.username);
    this.#log = options.log;
    this.#packets = new PacketQueue((bytes) => options.handle(this, bytes), options.socket);
    this.#socket.on("message", (data) => {
      // After our close frame the peer may go on talking; it is not signed in any more.
      if (this.#socket.readyState === WebSocket.OPEN) this.#packets.add(bytesOf(data));
    });
    // "close" follows and cleans up; an error without a listener would end the process.
    this.#socket.on("error", (error) =>
      this.#log.info({ ...this.#about, err: error }, "socket failed"),
    );
  }

  /** What a line of the log says of it: a logger for each would take more memory than the rest. */
  get #about() {
    return { connectionId: this.id, username: this.username };
  }

  /** Different at every call. */
  nextChatCount(): number {
    return ++this.#chatCount;
  }

  /**
   * Writes one packet, past the library: it would build the frame anew for everyone. False when the
   * connection is closing, or its client leaves so much unread that it is cut off here: it connects
   * again and pulls what it missed.
   */
  send(frame: Frame): boolean {
    if (this.#isLeaving || this.#socket.readyState !== WebSocket.OPEN) return false;
    if (this.#socket.bufferedAmount + frame.length > maxUnsentBytes) {
      const unsentBytes = this.#socket.bufferedAmount;
      this.#log.warn({ ...this.#about, unsentBytes }, "client does not read: cut off");
      this.#socket.terminate();
      return false;
    }
    this.#transport.write(frame);
    return true;
  }

  /** Like `send`, for what may be lost: a client that is behind with reading is spared it. */
  hint(frame: Frame): boolean {
    return this.#socket.bufferedAmount <= maxUnsentBeforeHints && this.send(frame);
  }

  /** Like `send`, for a push of this message, which may be this connection's own. */
  push(message: PushMessage, frame: Frame): boolean {
    return this.echo.offer(message, frame) === "send" ? this.send(frame) : true;
  }

  /** Pings, and ends what is dead or signed out. To be called every `checkEveryMs`. */
  check(keepAlive: KeepAlive): void {
    const { expiresAtMs } = this.#token;
    if (expiresAtMs !== undefined && Date.now() >= expiresAtMs) {
      this.#socket.close(tokenEnded, "token expired");
      return;
    }
    const nowMs = performance.now();
    // While nobody reads, silence says nothing about the client.
    if (this.#transport.bytesRead !== this.#bytesHeard || this.#packets.isPaused) {
      this.#bytesHeard = this.#transport.bytesRead;
      this.#heardAtMs = nowMs;
    }
    if (nowMs - this.#heardAtMs >= keepAlive.deadAfterMs) {
      this.#log.info(this.#about, "client is silent: cut off");
      this.#socket.terminate();
    } else if (nowMs - this.#pingedAtMs >= keepAlive.pingEveryMs) {
      this.#pingedAtMs = nowMs;
      this.#socket.ping();
    }
  }

  /** Closes the connection if this ends its token. Says whether it does. */
  endIfRevoked(revocation: Revocation): boolean {
    const { hash, signInId, issuedAt } = this.#token;
    const ends =
      (revocation.tokenHash.length > 0 &&
        Buffer.from(revocation.tokenHash).toString("base64") === hash) ||
      (revocation.signInId !== "" && revocation.signInId === signInId) ||
      // A token that does not say when it was issued is as old as any.
      (revocation.issuedUntil > 0n && BigInt(issuedAt ?? 0) <= revocation.issuedUntil);
    if (ends) this.#socket.close(tokenEnded, "token revoked");
    return ends;
  }

  /**
   * Takes no more packets, answers those that were taken, and ends the connection without a close
   * frame, which makes web clients connect again. Never rejects.
   */
  async leave(): Promise<void> {
    await this.#packets.close();
    this.#isLeaving = true;
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.#socket, "close", { signal: AbortSignal.timeout(farewellWithinMs) });
    // After the last Ack, and not destroy(): unread input would make that a reset, which may take
    // the Ack with it.
    this.#transport.end();
    try {
      await closed;
    } catch {
      this.#socket.terminate();
    }
  }
}

function bytesOf(data: WebSocket.RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}

export function addressOf(socket: Socket): string {
  const ip = (socket.remoteAddress ?? "unknown").replace(/^::ffff:/, "");
  return `${ip.includes(":") ? `[${ip}]` : ip}:${socket.remotePort ?? 0}`;
}
