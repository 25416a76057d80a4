import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Environment } from "@resonance/kit";
import { projectFolder } from "./project.ts";
import { StartError } from "./start-error.ts";

const webFolder = join(projectFolder, "services", "web");

/** The folder of the built page. */
export const pageFolder: string = join(webFolder, "dist");

/** What the page is made of: its own folder and the packages that end up in it. */
const sources = [
  join(webFolder, "index.html"),
  join(webFolder, "package.json"),
  join(webFolder, "vite.config.ts"),
  join(webFolder, "public"),
  join(webFolder, "src"),
  join(projectFolder, "packages", "client", "src"),
  join(projectFolder, "packages", "mq-proto", "src"),
  join(projectFolder, "package-lock.json"),
];

/**
 * Builds the web page if it is missing or older than what it is made of; `building` is called
 * first. Several at once do not disturb one another: each builds aside, then replaces the folder.
 *
 * @throws StartError `page_failed`, or the signal's reason
 */
export async function buildPage(
  environment: Environment,
  building: () => void,
  signal: AbortSignal,
): Promise<void> {
  if (isFresh(join(pageFolder, "index.html"), sources)) return;
  building();
  const aside = join(webFolder, ".cache");
  mkdirSync(aside, { recursive: true });
  const draft = mkdtempSync(join(aside, "page-"));
  try {
    const begunAt = new Date();
    await runVite(draft, environment, signal);
    // A source that changes during the build is newer than the page.
    utimesSync(join(draft, "index.html"), begunAt, begunAt);
    chmodSync(draft, 0o755);
    replaceFolder(pageFolder, draft);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Puts `draft` in the folder's place; who looks meanwhile finds the old one or this one. */
export function replaceFolder(folder: string, draft: string): void {
  const old = `${draft}.old`;
  for (let attempt = 1; ; attempt++) {
    try {
      if (existsSync(folder)) renameSync(folder, old);
      renameSync(draft, folder);
      break;
    } catch (error) {
      // Another start is replacing it at this moment.
      if (attempt === 5) throw error;
    } finally {
      rmSync(old, { recursive: true, force: true });
    }
  }
}

/** Whether `product` exists and is younger than every file of `sources`. */
export function isFresh(product: string, sources: readonly string[]): boolean {
  const builtAt = statSync(product, { throwIfNoEntry: false })?.mtimeMs;
  return builtAt !== undefined && sources.every((path) => newestMs(path) < builtAt);
}

function newestMs(path: string): number {
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status?.isDirectory()) return status?.mtimeMs ?? 0;
  // The folder's own time tells that a file was removed.
  return readdirSync(path).reduce(
    (newest, name) => Math.max(newest, newestMs(join(path, name))),
    status.mtimeMs,
  );
}

async function runVite(
  outDir: string,
  environment: Environment,
  signal: AbortSignal,
): Promise<void> {
  const manifest = createRequire(join(webFolder, "package.json")).resolve("vite/package.json");
  const vite = join(dirname(manifest), "bin", "vite.js");
  const child = spawn(
    process.execPath,
    [vite, "build", "--outDir", outDir, "--emptyOutDir", "--logLevel", "warn"],
    {
      cwd: webFolder,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
      // Tests set another one, and React would be built with its checks for developers.
      env: { ...environment, NODE_ENV: "production" },
    },
  );
  const abort = () => child.kill("SIGKILL");
  signal.addEventListener("abort", abort, { once: true });
  let output = "";
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString("utf8")).slice(-4_000);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const exit = await new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, name) => resolve(code === null ? `${name}` : `exit code ${code}`));
  });
  signal.removeEventListener("abort", abort);
  signal.throwIfAborted();
  if (exit !== "exit code 0") {
    throw new StartError({ kind: "page_failed", output: output.trim() || exit });
  }
}
