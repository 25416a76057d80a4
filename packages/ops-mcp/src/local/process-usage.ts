import { readFile } from "node:fs/promises";

export type ProcessUsage = {
  /** User and system time since the process began. Undefined where there is no /proc. */
  readonly cpuSeconds: number | undefined;
  readonly memoryBytes: number | undefined;
};

// USER_HZ: the unit of /proc is fixed in the kernel's interface, whatever its timer runs at.
const ticksPerSecond = 100;

/** What a process uses now, or undefined when it is gone. A zombie is gone. */
export async function readProcess(pid: number): Promise<ProcessUsage | undefined> {
  if (!exists(pid)) return undefined;
  const [stat, status] = await Promise.all([readProc(pid, "stat"), readProc(pid, "status")]);
  if (stat === undefined || status === undefined) {
    return exists(pid) ? { cpuSeconds: undefined, memoryBytes: undefined } : undefined;
  }
  // The name in parentheses may hold spaces and parentheses: fields are counted after the last.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (fields[0] === "Z" || fields[0] === "X") return undefined;
  const resident = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
    memoryBytes: resident === undefined ? undefined : Number(resident) * 1024,
  };
}

async function readProc(pid: number, file: string): Promise<string | undefined> {
  try {
    return await readFile(`/proc/${pid}/${file}`, "utf8");
  } catch (error) {
    // No /proc on this system, or the process has ended: the caller tells the two apart.
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
