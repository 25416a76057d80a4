import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram } from "../find-program.ts";
import { freePort } from "../free-port.ts";
import { awaitReady } from "../servers/await-ready.ts";
import { type ChildServer, startChild } from "../servers/child-server.ts";
import { inspectNats } from "../servers/inspect-nats.ts";

/** A nats-server that keeps its port over restarts, and whose store can be lost in between. */
export type RestartableNats = AsyncDisposable & {
  readonly url: string;
  /** Starts it, with what is in its store. Resolves when JetStream answers. */
  start(): Promise<void>;
  /** Ends it with SIGKILL. */
  kill(): Promise<void>;
  /** Ends it with SIGTERM: it writes what it has not written yet. */
  stop(): Promise<void>;
  /** Sends a signal, such as SIGSTOP and SIGCONT. */
  signal(name: NodeJS.Signals): void;
  /** Deletes the store. To be called while the server is not running. */
  wipeStore(): Promise<void>;
  /** Remembers what the store's files hold at this moment. */
  saveStore(): Promise<void>;
  /**
   * Puts back what was saved, of a folder within the store if one is named. To be called while the
   * server is not running.
   */
  restoreStore(folder?: string): Promise<void>;
};

const readyWithinMs = 20_000;

/** Starts a nats-server of the test's own. Everything is removed when disposed. */
export async function openRestartableNats(): Promise<RestartableNats> {
  const program = process.env.TEST_NATS_SERVER || findProgram(["nats-server"], process.env);
  if (!program) throw new Error("a nats-server that is restarted has to be on PATH");
  const home = await mkdtemp(join(tmpdir(), "resonance-nats-"));
  const store = join(home, "store");
  const saved = join(home, "saved");
  const port = await freePort();
  const url = `nats://127.0.0.1:${port}`;
  let child: ChildServer | undefined;
  const end = async (signal: NodeJS.Signals) => {
    nats.signal(signal);
    await child?.exited;
    child = undefined;
  };
  const nats: RestartableNats = {
    url,
    async start() {
      const started = await startChild({
        name: "NATS",
        program,
        args: ["-a", "127.0.0.1", "-p", `${port}`, "-js", "-sd", store],
        logFile: join(home, "nats.log"),
        recordFile: join(home, "nats.process"),
      });
      child = started;
      const probe = async () => {
        if (!(await inspectNats(url, 1_000)).hasJetStream) throw new Error("its JetStream is off");
      };
      await awaitReady("NATS", started, probe, readyWithinMs, AbortSignal.timeout(readyWithinMs));
    },
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
    signal(name) {
      if (child) process.kill(child.pid, name);
    },
    wipeStore: () => rm(store, { recursive: true, force: true }),
    async saveStore() {
      await rm(saved, { recursive: true, force: true });
      // All files of one moment: a running server makes and removes some at any time.
      nats.signal("SIGSTOP");
      try {
        await cp(store, saved, { recursive: true });
      } finally {
        nats.signal("SIGCONT");
      }
    },
    async restoreStore(folder = "") {
      await rm(join(store, folder), { recursive: true, force: true });
      await cp(join(saved, folder), join(store, folder), { recursive: true });
    },
    async [Symbol.asyncDispose]() {
      if (child) await nats.kill();
      await rm(home, { recursive: true, force: true });
    },
  };
  try {
    await nats.start();
  } catch (error) {
    await nats[Symbol.asyncDispose]();
    throw error;
  }
  return nats;
}
