import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureLogs } from "./logs.ts";
import { measurePods } from "./pods.ts";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "3" }, json: { type: "string" } },
});
const rounds = Number(values.rounds);
const signal = AbortSignal.timeout(600_000);

// The log first: its memory is measured above a process that has done nothing else.
const folder = await mkdtemp(join(tmpdir(), "resonance-bench-tools-"));
const logs = await measureLogs(folder, rounds, signal).finally(() =>
  rm(folder, { recursive: true }),
);
const secondsOf = (name: string) =>
  logs.filter((one) => one.name === name).map((one) => one.seconds);
const reference = median(secondsOf("grep -i | tail"));
process.stdout.write("\nthe last 100 of the lines with a phrase in a log of 1 GB\n");
for (const name of ["grep -i | tail", "get_logs"]) {
  const seconds = secondsOf(name);
  const memory = logs.flatMap((one) => (one.name === name ? (one.memoryMiB ?? []) : []));
  const most = memory.length > 0 ? `  memory +${Math.max(...memory).toFixed(1)} MiB` : "";
  process.stdout.write(
    `  ${name.padEnd(16)} ${median(seconds).toFixed(2)} s  x${(median(seconds) / reference).toFixed(2)}` +
      `  (${Math.min(...seconds).toFixed(2)}-${Math.max(...seconds).toFixed(2)})${most}\n`,
  );
}

const pods = await measurePods(rounds, signal);
const podSeconds = pods.map(({ seconds }) => seconds);
process.stdout.write(
  `\nlist_pods of ${pods[0]?.pods} pods\n  ${median(podSeconds).toFixed(2)} s` +
    `  (${Math.min(...podSeconds).toFixed(2)}-${Math.max(...podSeconds).toFixed(2)})\n`,
);
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ logs, pods }, null, 2)}\n`);
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
