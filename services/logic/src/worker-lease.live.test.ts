import { openDatabase } from "@resonance/db";
import { createLogger } from "@resonance/kit";
import { migrate } from "@resonance/migrations";
import { eventually } from "@resonance/testkit";
import { openTcpProxy, openTestDatabase } from "@resonance/testkit/vitest";
import { expect, test } from "vitest";
import { openWorkerLease } from "./worker-lease.ts";

const log = createLogger("lease-test", "silent");

test("processes that share a database hold different worker ids, and give them back", async () => {
  await using database = await openTestDatabase();
  await migrate({ url: database.url, signal: AbortSignal.timeout(30_000) });
  await using db = openDatabase(database.url);
  // All but two are leased, and one of those two has lapsed.
  const rows = Array.from({ length: 1_023 }, (_, id) => [
    id,
    "other",
    id === 7 ? "2000-01-01" : "2100-01-01",
  ]);
  await db.execute("INSERT INTO t_worker (worker_id, owner, expires_at) VALUES ?", [rows]);

  const leases = await Promise.all([openWorkerLease(db, log), openWorkerLease(db, log)]);

  expect(leases.map(({ workerId }) => workerId()).toSorted()).toEqual([1_023, 7]);
  expect(leases.every((lease) => lease.valid())).toBe(true);
  await expect(openWorkerLease(db, log)).rejects.toMatchObject({ code: "resource_exhausted" });
  for (const lease of leases) await lease[Symbol.asyncDispose]();
  await using again = await openWorkerLease(db, log);
  expect([7, 1_023]).toContain(again.workerId());
});

test("who has lost the lease takes one again, of another id where another process has this one", async () => {
  await using database = await openTestDatabase();
  await migrate({ url: database.url, signal: AbortSignal.timeout(30_000) });
  await using db = openDatabase(database.url);
  await using first = await openWorkerLease(db, log);
  await using second = await openWorkerLease(db, log);
  const takenId = second.workerId();
  await db.execute("DELETE FROM t_worker WHERE worker_id = ?", [first.workerId()]);
  await db.execute("UPDATE t_worker SET owner = 'another' WHERE worker_id = ?", [takenId]);

  await eventually(
    async () => {
      const rows = await db.query<{ id: number }>(
        "SELECT worker_id AS id FROM t_worker WHERE owner <> 'another'",
      );
      expect(rows.map(({ id }) => id)).toContain(first.workerId());
      expect(rows.map(({ id }) => id)).toContain(second.workerId());
    },
    { timeoutMs: 10_000 },
  );

  expect(second.workerId()).not.toBe(takenId);
  expect(first.workerId()).not.toBe(second.workerId());
});

/** A database behind a proxy, and a second way to it. */
async function openShakyDatabase() {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await openTestDatabase());
  await migrate({ url: database.url, signal: AbortSignal.timeout(30_000) });
  const direct = stack.use(openDatabase(database.url));
  const url = new URL(database.url);
  const proxy = stack.use(await openTcpProxy(Number(url.port)));
  url.hostname = "127.0.0.1";
  url.port = `${proxy.port}`;
  const db = stack.use(openDatabase(url.href));
  const closing = stack.move();
  return { direct, proxy, db, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

test("after a database that refused, the lease is renewed as soon as it is back", async () => {
  await using shaky = await openShakyDatabase();
  const failures: unknown[] = [];
  const noting = createLogger("lease-test", "silent");
  noting.warn = (about: unknown) => void failures.push(about);
  await using lease = await openWorkerLease(shaky.db, noting);
  const lapsesAt = async () => {
    const [row] = await shaky.direct.query<{ at: Date }>("SELECT expires_at AS at FROM t_worker");
    return row?.at.getTime() ?? 0;
  };
  const before = await lapsesAt();

  await shaky.proxy.refuse();
  await eventually(() => expect(failures).toHaveLength(1), { timeoutMs: 10_000 });
  await shaky.proxy.accept();

  await eventually(async () => expect(await lapsesAt()).toBeGreaterThan(before), {
    timeoutMs: 3_000,
  });
  expect(lease.valid()).toBe(true);
});

test("after a database that was silent for longer than the lease is trusted, it is renewed at once", async () => {
  await using shaky = await openShakyDatabase();
  const renewEveryMs = 3_000;
  await using lease = await openWorkerLease(shaky.db, log, { renewEveryMs, trustedMs: 5_000 });
  await using patient = await openWorkerLease(shaky.db, log, { renewEveryMs, trustedMs: 8_500 });

  shaky.proxy.setWeather({ blackHole: true });
  // By then what the other one has asked is older than it trusts.
  await eventually(() => expect(patient.valid()).toBe(false), { timeoutMs: 12_000 });
  shaky.proxy.setWeather({});

  await eventually(() => expect(lease.valid()).toBe(true), { timeoutMs: 1_500 });
});
