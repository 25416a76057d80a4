const maxPackets = 256;
const maxBytes = 1024 * 1024;

/**
 * The packets of one connection, handled one after another in the order of arrival. Over 256 of
 * them, or 1 MiB, reading stops until half is done; what one read of the socket brought may exceed
 * that.
 */
export class PacketQueue {
  readonly #handle: (bytes: Uint8Array) => Promise<void>;
  readonly #reading: { pause(): void; resume(): void };
  readonly #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #isPaused = false;
  #isClosed = false;
  #working: Promise<void> | undefined;

  /** `handle` must not reject. */
  constructor(
    handle: (bytes: Uint8Array) => Promise<void>,
    reading: { pause(): void; resume(): void },
  ) {
    this.#handle = handle;
    this.#reading = reading;
  }

  /** Whether the peer is silent because nobody reads what it says. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Does nothing once closed. */
  add(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (!this.#isPaused && this.#exceeds(1)) {
      this.#isPaused = true;
      this.#reading.pause();
    }
    this.#working ??= this.#work();
  }

  /** Takes no more, and resolves when all that was added is handled. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#working;
  }

  async #work(): Promise<void> {
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      await this.#handle(next);
      this.#waitingBytes -= next.length;
      if (this.#isPaused && !this.#exceeds(0.5)) {
        this.#isPaused = false;
        this.#reading.resume();
      }
    }
    this.#working = undefined;
  }

  #exceeds(share: number): boolean {
    return this.#waiting.length > maxPackets * share || this.#waitingBytes > maxBytes * share;
  }
}
