import type { PushMessage } from "@resonance/mq-proto/gateway";

const maxRemembered = 256;
const maxHeld = 256;

/**
 * Keeps pushes of a connection's own messages away from it: their Ack says all there is to say.
 *
 * A delivery may overtake the answer of Logic that would tell whose it is. So from `begin` on, what
 * the own user wrote into that session is held; `settle` names the message that was this
 * connection's and gives back the rest. Connections of the same user elsewhere are not concerned.
 */
export class OwnEcho<Packet = Uint8Array> {
  readonly #username: string;
  /** In the order of sending; late and repeated deliveries of these are dropped. */
  readonly #sent = new Set<bigint>();
  #sendingTo: string | undefined;
  #held: { readonly msgId: bigint; readonly packet: Packet }[] = [];

  constructor(username: string) {
    this.#username = username;
  }

  /** A send into this session is under way. One at a time. */
  begin(sessionId: string): void {
    this.#sendingTo = sessionId;
  }

  /** What to do with a push. What is held comes back from `settle`. */
  offer(message: PushMessage, packet: Packet): "send" | "hold" | "drop" {
    if (this.#sent.has(message.msgId)) return "drop";
    const mayBeOwn =
      message.fromUsername === this.#username && message.sessionId === this.#sendingTo;
    // Beyond the bound an echo may pass, which a client knows by its msg_id; nothing is lost.
    if (!mayBeOwn || this.#held.length >= maxHeld) return "send";
    this.#held.push({ msgId: message.msgId, packet });
    return "hold";
  }

  /**
   * The send is over: it was stored as `msgId`, or with 0 it is not known to be. Returns the held
   * packets that are to be sent now, in the order of their arrival.
   */
  settle(msgId: bigint): Packet[] {
    const held = this.#held;
    this.#held = [];
    this.#sendingTo = undefined;
    if (msgId !== 0n) this.#remember(msgId);
    return held.filter((push) => push.msgId !== msgId).map((push) => push.packet);
  }

  #remember(msgId: bigint): void {
    this.#sent.add(msgId);
    if (this.#sent.size <= maxRemembered) return;
    for (const oldest of this.#sent) {
      this.#sent.delete(oldest);
      return;
    }
  }
}
