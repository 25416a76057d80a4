import { existsSync } from "node:fs";
import { installPackages, installRefusal } from "./apt/install-packages.ts";
import { type Environment, findProgram } from "./find-program.ts";

/**
 * The path of a Chromium or Chrome: RESONANCE_CHROMIUM, PATH, the usual place on macOS,
 * else, as root on Debian, the package `chromium`, which is installed.
 *
 * @throws Error with what to type when there is none.
 */
export async function findBrowser(options: {
  environment: Environment;
  notify: (line: string) => void;
  signal: AbortSignal;
}): Promise<string> {
  const { environment, notify, signal } = options;
  const given = environment.RESONANCE_CHROMIUM;
  if (given) {
    if (!existsSync(given)) throw new Error(`RESONANCE_CHROMIUM: there is no ${given}`);
    return given;
  }
  const found = findProgram(names, environment) ?? macApplications.find((path) => existsSync(path));
  if (found !== undefined) return found;
  const refusal = installRefusal(environment);
  if (refusal !== undefined) {
    throw new Error(`${missing} (${refusal})`);
  }
  try {
    await installPackages([chromium], notify);
  } catch (error) {
    throw new Error(missing, { cause: error });
  }
  signal.throwIfAborted();
  const installed = findProgram(names, environment);
  if (installed === undefined) throw new Error(missing);
  return installed;
}

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

const chromium = { packages: ["chromium"], units: [] };

const missing = `a Chromium or Chrome is missing. Install one and try again:
  Debian:  sudo apt-get install chromium
  Ubuntu:  sudo snap install chromium
  Fedora:  sudo dnf install chromium
  macOS:   brew install --cask chromium
Or set RESONANCE_CHROMIUM to the path of one`;

const macApplications = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
