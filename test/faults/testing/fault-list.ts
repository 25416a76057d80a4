import { doubleEvents } from "./double-events.ts";
import type { Bench } from "./open-bench.ts";
import type { Running } from "./open-load.ts";
import { awaitReturn, killAndAwaitReturn, last, moreAcked } from "./strike.ts";
import { runSql, stormLocks } from "./tamper.ts";

export type Fault = {
  readonly name: string;
  inject(bench: Bench, load: Running): Promise<void>;
};

const killed = (service: "logic" | "task" | "bot" | "gateway"): Fault => ({
  name: `kill -9 ${service}`,
  inject: (bench) => killAndAwaitReturn(bench.stack.services[service]),
});

const killedAt = (name: Parameters<Bench["strike"]>[0]): Fault => ({
  name: `killed at ${name}`,
  async inject({ stack, strike }) {
    const [service] = name.split(".");
    const returned = awaitReturn(stack.services[service as "logic" | "task" | "gateway"]);
    await strike(name, "kill");
    await returned;
  },
});

const stopped = (server: "mysql" | "nats"): Fault => ({
  name: `SIGSTOP ${server} for 5 s`,
  async inject(bench, { signal }) {
    bench[server].signal("SIGSTOP");
    await last(5_000, signal);
    bench[server].signal("SIGCONT");
  },
});

const swallowed = (server: "mysql" | "nats"): Fault => ({
  name: `${server} black hole for 5 s`,
  async inject(bench, { signal }) {
    bench[server].proxy.setWeather({ blackHole: true });
    await last(5_000, signal);
    bench[server].proxy.setWeather({});
  },
});

/** What may happen at any time of a long run, each mended within seconds. */
export const faults: readonly Fault[] = [
  killed("logic"),
  killed("task"),
  killed("bot"),
  killed("gateway"),
  killedAt("logic.before_commit"),
  killedAt("logic.after_commit"),
  killedAt("logic.after_publish"),
  killedAt("task.before_ack"),
  killedAt("gateway.before_ack"),
  stopped("mysql"),
  stopped("nats"),
  swallowed("mysql"),
  swallowed("nats"),
  {
    name: "kill -9 MySQL",
    async inject({ mysql }, { signal }) {
      await mysql.kill();
      await last(1_500, signal);
      await mysql.start();
    },
  },
  {
    name: "kill -9 NATS",
    async inject({ nats }, load) {
      await nats.kill();
      await moreAcked(load, 60);
      await nats.start();
    },
  },
  {
    name: "NATS store wiped",
    async inject({ nats }, { signal }) {
      await nats.kill();
      await nats.wipeStore();
      await last(1_500, signal);
      await nats.start();
    },
  },
  {
    name: "MySQL slow by 200 ms",
    async inject({ mysql }, { signal }) {
      mysql.proxy.setWeather({ toServerDelayMs: 200 });
      await last(5_000, signal);
      mysql.proxy.setWeather({});
    },
  },
  {
    name: "MySQL read-only for 2 s",
    async inject({ mysql }, { signal }) {
      await runSql(mysql.directUrl(), "SET GLOBAL read_only = 1");
      await last(2_000, signal);
      await runSql(mysql.directUrl(), "SET GLOBAL read_only = 0");
    },
  },
  {
    name: "deadlock storm",
    async inject({ mysql, load: { group } }, { signal }) {
      const stop = new AbortController();
      const sessions = ["single:alice:bob", "single:alice:carol", group];
      const storm = stormLocks(mysql.directUrl(), sessions, stop.signal);
      await last(4_000, signal);
      stop.abort();
      await storm;
    },
  },
  {
    name: "every event twice",
    async inject({ nats }, load) {
      await using _copies = await doubleEvents(nats.directUrl());
      await moreAcked(load, 100);
    },
  },
  {
    name: "rolling restart",
    async inject({ stack: { services } }, { signal }) {
      for (const name of ["task", "bot", "logic", "gateway"] as const) {
        await services[name].restart(signal);
      }
    },
  },
];
