import { eventually, type Server } from "@resonance/testkit";
import { expect, test } from "vitest";
import type { StackEvent } from "./stack-event.ts";
import { SupervisedServer } from "./supervised-server.ts";

type Life = { readonly server: Server; end(how: string): void; readonly disposed: () => boolean };

/** A server whose successors are what `next` gives. */
function life(pid: number, next: () => Server): Life {
  const exited = Promise.withResolvers<string>();
  let isDisposed = false;
  const server: Server = {
    url: "nats://127.0.0.1:4222",
    address: "127.0.0.1:4222",
    version: "2.9.10",
    process: { pid, exited: exited.promise, startAgain: async () => next() },
    logFile: "nats.log",
    found: "private",
    [Symbol.asyncDispose]: async () => {
      isDisposed = true;
      exited.resolve("exit code 0");
    },
  };
  return { server, end: exited.resolve, disposed: () => isDisposed };
}

test("a server that does not start is tried again, and its last life is ended with it", async () => {
  const events: StackEvent[] = [];
  const second = life(2, () => second.server);
  const tries = ["its port is taken", undefined];
  const first = life(1, () => {
    const failure = tries.shift();
    if (failure !== undefined) throw new Error(failure);
    return second.server;
  });
  const hooks = { changed: () => undefined, notify: (event: StackEvent) => events.push(event) };
  const supervised = new SupervisedServer("nats", first.server, hooks);
  expect(supervised.entry).toMatchObject({ pid: 1, state: "running", restarts: 0 });

  first.end("SIGKILL");
  await eventually(() => expect(events.at(-1)?.kind).toBe("service_back"));

  expect(events).toMatchObject([
    { kind: "service_crashed", service: "nats", exit: "signal SIGKILL", logFile: "nats.log" },
    { kind: "service_crashed", exit: "while starting", lastError: "Error: its port is taken" },
    { kind: "service_back", service: "nats", pid: 2, restarts: 1 },
  ]);
  expect(supervised.entry).toMatchObject({ pid: 2, state: "running", lastExit: "while starting" });
  await supervised[Symbol.asyncDispose]();
  expect(second.disposed()).toBe(true);
  expect(first.disposed()).toBe(false);
  expect(supervised.entry).toMatchObject({ pid: null, state: "stopped" });
});

test("a server that was given is spoken of, and left alone", async () => {
  const { server, disposed } = life(1, () => server);
  const given = { ...server, process: undefined };
  const hooks = { changed: () => undefined, notify: () => undefined };
  const supervised = new SupervisedServer("nats", given, hooks);
  expect(supervised.entry).toMatchObject({ pid: null, state: "running", address: server.address });

  await supervised[Symbol.asyncDispose]();

  expect(disposed()).toBe(false);
  expect(supervised.entry.state).toBe("stopped");
});
