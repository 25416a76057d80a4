import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * What tells a living process from a later one that got the same id: its start time, and on Linux
 * the boot it belongs to, behind `pid@`. Undefined when no such process lives; one that has ended and waits for
 * its parent does not count as living.
 */
export function processIdentity(pid: number): string | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return process.platform === "linux" ? fromProc(pid) : fromPs(pid);
}

function fromProc(pid: number): string | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The command's name stands in parentheses and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const state = fields[0];
  if (state === "Z" || state === "X") return undefined;
  const boot = readText("/proc/sys/kernel/random/boot_id")?.trim() ?? "";
  return `${pid}@${boot}/${fields[19]}`;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // The process is gone, or the file is not to be read: both mean that nothing is known.
    return undefined;
  }
}

function fromPs(pid: number): string | undefined {
  const { stdout } = spawnSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], {
    encoding: "utf8",
    env: { PATH: "/usr/bin:/bin", LC_ALL: "C" },
  });
  const [state, ...startTime] = (stdout ?? "").trim().split(/\s+/);
  if (!state || state.startsWith("Z")) return undefined;
  return `${pid}@${startTime.join(" ")}`;
}
