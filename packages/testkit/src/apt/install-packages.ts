import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Environment, findProgram } from "../find-program.ts";
import { keepUnitsOff } from "./keep-units-off.ts";

/** One thing to have: the first of the packages that apt offers. */
export type Wanted = {
  readonly packages: readonly string[];
  /** systemd units the packages would enable and start. */
  readonly units: readonly string[];
};

/** Why packages cannot be installed here, or undefined when they can. */
export function installRefusal(environment: Environment): string | undefined {
  if (findProgram(["apt-get"], environment) === undefined) return "no apt-get on this system";
  const forbidden = environment.RESONANCE_NO_INSTALL;
  if (forbidden && forbidden !== "0") return "RESONANCE_NO_INSTALL forbids installing packages";
  if (process.getuid?.() !== 0) return "only root can install packages, so none were";
  return undefined;
}

/**
 * Installs with apt-get, without recommended packages, and says so first. No service is started or
 * enabled by it. Once begun it is not interrupted: a broken-off dpkg needs repair by hand.
 *
 * @throws Error with the end of apt-get's output.
 */
export async function installPackages(
  wanted: readonly Wanted[],
  notify: (line: string) => void,
): Promise<void> {
  let candidates = await findCandidates(wanted);
  let areListsFresh = false;
  if (candidates.includes(undefined)) {
    await updateLists(notify);
    areListsFresh = true;
    candidates = await findCandidates(wanted);
  }
  const names = candidates.filter((name) => name !== undefined);
  const unknown = wanted.filter((_, index) => candidates[index] === undefined);
  if (unknown.length > 0) {
    const list = unknown.map(({ packages }) => packages.join(" or ")).join(", ");
    throw new Error(`apt-get knows no package ${list}`);
  }
  notify(`installing ${names.join(", ")} with apt-get (RESONANCE_NO_INSTALL=1 would forbid it)`);
  using _units = keepUnitsOff(wanted.flatMap(({ units }) => units));
  const install = ["install", "--yes", "--no-install-recommends", ...names];
  try {
    await apt("apt-get", install);
  } catch (error) {
    // Lists that are too old name files the mirror no longer has.
    if (areListsFresh) throw error;
    await updateLists(notify);
    await apt("apt-get", install);
  }
}

async function updateLists(notify: (line: string) => void): Promise<void> {
  notify("fetching the package lists with apt-get update");
  await apt("apt-get", ["update"]);
}

async function findCandidates(wanted: readonly Wanted[]): Promise<(string | undefined)[]> {
  const names = wanted.flatMap(({ packages }) => packages);
  return parseCandidates(await apt("apt-cache", ["policy", ...names]), wanted);
}

/** Picks from the output of `apt-cache policy`, for each wanted thing, the first package on offer. */
export function parseCandidates(policy: string, wanted: readonly Wanted[]): (string | undefined)[] {
  const offered = new Set<string>();
  let name = "";
  for (const line of policy.split("\n")) {
    name = line.match(/^(\S+):$/)?.[1] ?? name;
    const version = line.match(/^\s+Candidate: (\S+)/)?.[1];
    if (version !== undefined && version !== "(none)") offered.add(name);
  }
  return wanted.map(({ packages }) => packages.find((each) => offered.has(each)));
}

const options = [
  ["DPkg::Lock::Timeout", 120],
  ["Acquire::Retries", 2],
  ["Acquire::http::Timeout", 30],
].flatMap(([name, value]) => ["-o", `${name}=${value}`]);

// The output goes to a file and the process into a group of its own: neither Ctrl-C nor the death
// of this process (a broken pipe) stops a half-finished dpkg.
async function apt(program: "apt-get" | "apt-cache", args: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "resonance-apt-"));
  const outputFile = join(folder, "output");
  try {
    const output = openSync(outputFile, "w");
    const child = spawn(program, [...options, ...args], {
      detached: true,
      stdio: ["ignore", output, output],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C.UTF-8" },
    });
    closeSync(output);
    const code = await new Promise<number | string>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (exitCode, signal) => resolve(exitCode ?? signal ?? "unknown"));
    });
    const text = readFileSync(outputFile, "utf8");
    if (code === 0) return text;
    const lines = text.trimEnd().split("\n").slice(-8).join("\n");
    throw new Error(`${program} ${args[0]} failed (${code}):\n${lines}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
