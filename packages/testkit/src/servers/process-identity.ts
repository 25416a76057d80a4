import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * What tells a running process from a later one with the same number: its start time. Undefined
 * when there is none, or only a zombie that nobody has collected yet.
 */
export function processIdentity(pid: number): string | undefined {
  return process.platform === "linux" ? fromProc(pid) : fromPs(pid);
}

function fromProc(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
  // The program's name stands in parentheses and may hold anything, so count from the last one.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, startTicks] = [fields[0], fields[19]];
  return state === "Z" || state === "X" ? undefined : `${pid}@${startTicks}`;
}

function fromPs(pid: number): string | undefined {
  const ps = spawnSync("ps", ["-o", "state=", "-o", "lstart=", "-p", String(pid)], {
    encoding: "utf8",
  });
  const [state, ...start] = (ps.stdout ?? "").trim().split(/\s+/);
  return !state || state.startsWith("Z") ? undefined : `${pid}@${start.join(" ")}`;
}
