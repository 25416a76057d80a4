import { openDatabase } from "@resonance/db";
import { createLogger } from "@resonance/kit";
import { migrate } from "@resonance/migrations";
import { openTestDatabase } from "@resonance/testkit/vitest";
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

  expect(leases.map(({ workerId }) => workerId).toSorted()).toEqual([1_023, 7]);
  expect(leases.every((lease) => lease.valid())).toBe(true);
  await expect(openWorkerLease(db, log)).rejects.toMatchObject({ code: "resource_exhausted" });
  for (const lease of leases) await lease[Symbol.asyncDispose]();
  await using again = await openWorkerLease(db, log);
  expect([7, 1_023]).toContain(again.workerId);
});
