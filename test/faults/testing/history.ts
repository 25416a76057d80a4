import { writeFile } from "node:fs/promises";

/** One thing that a client of the load did or saw. Ids are texts, so that a line is JSON. */
export type HistoryLine = { readonly atMs: number } & HistoryEvent;

export type HistoryEvent =
  /** A device begins to follow a session after this seq. */
  | { kind: "follow"; device: string; session: string; afterSeq: number }
  | {
      kind: "send";
      device: string;
      session: string;
      clientMsgId: string;
      /** Whether the bot has to answer. */
      asksBot: boolean;
    }
  | {
      kind: "ack";
      device: string;
      session: string;
      clientMsgId: string;
      msgId: string;
      seq: number;
    }
  /** A send failed for the caller. It is repeated under the same id. */
  | { kind: "error"; device: string; session: string; clientMsgId: string; reason: string }
  | {
      kind: "recv";
      device: string;
      session: string;
      seq: number;
      msgId: string;
      /** The question that a bot's message answers. */
      replyTo?: string;
    }
  /** The device was told that it missed too much to be given message by message. */
  | { kind: "reload"; device: string; session: string }
  | { kind: "reconnect"; device: string }
  /** Closed for good: what comes later it need not show. */
  | { kind: "leave"; device: string }
  /** Not a member any more of a session that had this last seq then. */
  | { kind: "removed"; username: string; session: string; lastSeq: number }
  | { kind: "signed_out"; device: string }
  /** Somebody could read a session's messages. */
  | { kind: "read"; username: string; session: string }
  | { kind: "unread"; username: string; session: string; unread: number };

/** Devices are named `<username>/<number>`. */
export function usernameOf(device: string): string {
  return device.slice(0, device.lastIndexOf("/"));
}

/** What the load's clients did and saw, in the order in which it happened in this process. */
export class History {
  readonly #lines: HistoryLine[] = [];

  get lines(): readonly HistoryLine[] {
    return this.#lines;
  }

  append(event: HistoryEvent): void {
    this.#lines.push({ atMs: performance.now(), ...event });
  }

  /** Writes one JSON object a line. */
  async write(file: string): Promise<void> {
    await writeFile(file, this.#lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  }
}
