import { connect, createServer, type Server, type Socket } from "node:net";

/** What the proxy does to the bytes of all its connections, present and future. */
export type Weather = {
  /** Each chunk towards the server comes so much later. */
  readonly toServerDelayMs?: number;
  /** Each chunk towards the client comes so much later. */
  readonly toClientDelayMs?: number;
  /** Nothing passes in either direction, and connections stay open; it passes when this ends. */
  readonly blackHole?: boolean;
  /**
   * Asked about each chunk from a client. When it says so the chunk passes, and the server's next
   * reply on this connection is lost with the connection.
   */
  readonly losesReplyTo?: (chunk: Buffer) => boolean;
};

/** A TCP proxy on a port of its own on loopback, which does to its connections what it is told. */
export type TcpProxy = AsyncDisposable & {
  readonly port: number;
  /** How many clients are connected. */
  readonly connections: number;
  /** How many clients ever were. */
  readonly taken: number;
  /** How many replies were lost on purpose. */
  readonly lostReplies: number;
  /** The port of the server for connections from now on. */
  aim(serverPort: number): void;
  setWeather(weather: Weather): void;
  /** Resets all connections; new ones are taken. */
  cut(): void;
  /** Ends the direction to the client of all connections; the one to the server stays open. */
  halfClose(): void;
  /** Resets all connections and refuses new ones, as the port of a dead server does. */
  refuse(): Promise<void>;
  /** Takes connections again. */
  accept(): Promise<void>;
};

export async function openTcpProxy(serverPort: number): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  let aimedAt = serverPort;
  let weather: Weather = {};
  let lostReplies = 0;
  let taken = 0;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    taken += 1;
    const pair = new Pair(client, aimedAt, {
      weather: () => weather,
      lostReply: () => {
        lostReplies += 1;
      },
      closed: () => pairs.delete(pair),
    });
    pairs.add(pair);
  });
  await listen(server, 0);
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port was given");
  const { port } = address;
  const cut = () => {
    for (const pair of pairs) pair.reset();
  };
  const refuse = async () => {
    const closed = server.listening
      ? new Promise((resolve) => server.close(resolve))
      : Promise.resolve();
    cut();
    await closed;
  };
  return {
    port,
    get connections() {
      return pairs.size;
    },
    get taken() {
      return taken;
    },
    get lostReplies() {
      return lostReplies;
    },
    aim: (to) => {
      aimedAt = to;
    },
    setWeather: (next) => {
      weather = next;
      for (const pair of pairs) pair.feel();
    },
    cut,
    halfClose: () => {
      for (const pair of pairs) pair.halfClose();
    },
    refuse,
    accept: async () => {
      if (!server.listening) await listen(server, port);
    },
    [Symbol.asyncDispose]: refuse,
  };
}

type Surroundings = {
  readonly weather: () => Weather;
  readonly lostReply: () => void;
  readonly closed: () => void;
};

/** A client's connection and the one to the server that belongs to it. */
class Pair {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #around: Surroundings;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #losesReply = false;

  constructor(client: Socket, serverPort: number, around: Surroundings) {
    this.#client = client;
    this.#server = connect({ host: "127.0.0.1", port: serverPort, allowHalfOpen: true });
    this.#around = around;
    client.setNoDelay(true);
    this.#server.setNoDelay(true);
    this.#carry(client, this.#server, () => around.weather().toServerDelayMs ?? 0);
    this.#carry(this.#server, client, () => around.weather().toClientDelayMs ?? 0);
    this.feel();
  }

  /** Stops or goes on as the weather wants. */
  feel(): void {
    const stop = this.#around.weather().blackHole === true;
    for (const socket of [this.#client, this.#server]) {
      if (stop) socket.pause();
      else socket.resume();
    }
  }

  halfClose(): void {
    this.#client.end();
  }

  reset(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#client.resetAndDestroy();
    this.#server.resetAndDestroy();
    this.#around.closed();
  }

  #carry(from: Socket, to: Socket, delayMs: () => number): void {
    from.on("data", (chunk: Buffer) => {
      if (from === this.#client && this.#around.weather().losesReplyTo?.(chunk)) {
        this.#losesReply = true;
      } else if (from === this.#server && this.#losesReply) {
        this.#around.lostReply();
        this.reset();
        return;
      }
      this.#later(delayMs(), () => {
        if (!to.destroyed && !to.write(chunk)) {
          from.pause();
          to.once("drain", () => this.feel());
        }
      });
    });
    from.on("end", () => this.#later(delayMs(), () => to.end()));
    // The other side learns of it as this one did; a refused connection ends the client's.
    from.on("error", () => this.reset());
    from.on("close", () => {
      if (to.destroyed) this.#around.closed();
    });
  }

  /** Chunks keep their order: timers of one duration fire in the order in which they were set. */
  #later(delayMs: number, work: () => void): void {
    if (delayMs === 0 && this.#timers.size === 0) {
      work();
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, delayMs);
    this.#timers.add(timer);
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}
