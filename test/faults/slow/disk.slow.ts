import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, openBench } from "../testing/open-bench.ts";
import { last, moreAcked } from "../testing/strike.ts";
import { runSql } from "../testing/tamper.ts";

// MySQL's data, NATS' store, the services' logs and the stack's own files, all on one small disk.
const diskMebibytes = 400;

let disk: string;
let bench: Bench;

/** Where a file system may be mounted, as by root, and nowhere else. */
function mountDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "resonance-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${diskMebibytes}m`, "tmpfs", folder], {
      stdio: "ignore",
    });
    return folder;
  } catch {
    rmdirSync(folder);
    return undefined;
  }
}

const mounted = mountDisk();

beforeAll(async () => {
  if (mounted === undefined) return;
  disk = mounted;
  const usual = process.env.TMPDIR;
  // Whatever makes a folder of its own makes it there.
  process.env.TMPDIR = disk;
  try {
    bench = await openBench();
  } finally {
    if (usual === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = usual;
  }
});
afterAll(async () => {
  await bench?.[Symbol.asyncDispose]();
  if (mounted === undefined) return;
  execFileSync("umount", ["-l", mounted]);
  rmdirSync(mounted);
});

test.runIf(mounted !== undefined)(
  "F25: the disk is full for 8 s, nothing that was acknowledged is lost",
  async () => {
    const filler = join(disk, "filler");
    let died = { mysql: false, nats: false };
    const outcome = await bench.fault(
      "F25 disk full for 8 s",
      async (load) => {
        fill(filler);
        await last(8_000, load.signal);
        rmSync(filler);
        died = { mysql: !(await answers()), nats: true };
        // MariaDB aborts when its log does not grow, and nats-server turns JetStream off for good:
        // both have to be started again, by whoever runs them. Our services go on by themselves.
        if (died.mysql) {
          await bench.mysql.kill();
          await bench.mysql.start();
        }
        await bench.nats.kill();
        await bench.nats.start();
        await moreAcked(load, 40);
      },
      { settleWithinMs: 60_000 },
    );
    const restarts = Object.values(bench.stack.services).map(
      ({ name, restarts: times }) => `${name} ${times}`,
    );
    process.stderr.write(
      `F25: MySQL ${died.mysql ? "died" : "lived"}; restarts: ${restarts.join(", ")}\n`,
    );

    expect(outcome.sent).toBeGreaterThan(100);
    expect(restarts).toEqual(["logic 0", "task 0", "bot 0", "gateway 0"]);
  },
);

/** Takes all the room there is. */
function fill(file: string): void {
  const fd = openSync(file, "w");
  try {
    for (const bytes of [1024 ** 2, 4_096, 1]) {
      const block = Buffer.alloc(bytes, 1);
      for (;;) if (writeSync(fd, block) < bytes) break;
    }
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  } finally {
    closeSync(fd);
  }
}

async function answers(): Promise<boolean> {
  return await runSql(bench.mysql.directUrl(), "SELECT 1").then(
    () => true,
    () => false,
  );
}
