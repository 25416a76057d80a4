import { existsSync } from "node:fs";
import { installPackages, installRefusal } from "./apt/install-packages.ts";
import { type Environment, findProgram } from "./find-program.ts";

/**
 * The path of a prometheus: RESONANCE_PROMETHEUS_PROGRAM, PATH, else, as root on Debian, the
 * package `prometheus`, which is installed; its system service stays off.
 *
 * @throws Error with what to type when there is none.
 */
export async function findPrometheus(options: {
  environment: Environment;
  notify: (line: string) => void;
  signal: AbortSignal;
}): Promise<string> {
  const { environment, notify, signal } = options;
  const given = environment.RESONANCE_PROMETHEUS_PROGRAM;
  if (given) {
    if (!existsSync(given)) throw new Error(`RESONANCE_PROMETHEUS_PROGRAM: there is no ${given}`);
    return given;
  }
  const found = findProgram(["prometheus"], environment);
  if (found !== undefined) return found;
  const refusal = installRefusal(environment);
  if (refusal !== undefined) throw new Error(`${missing} (${refusal})`);
  try {
    await installPackages([prometheus], notify);
  } catch (error) {
    throw new Error(missing, { cause: error });
  }
  signal.throwIfAborted();
  const installed = findProgram(["prometheus"], environment);
  if (installed === undefined) throw new Error(missing);
  return installed;
}

const prometheus = {
  packages: ["prometheus"],
  units: ["prometheus.service", "prometheus-node-exporter.service"],
};

const missing = `prometheus is missing. Install it and try again:
  Debian:  sudo apt-get install prometheus
  Fedora:  sudo dnf install prometheus
  macOS:   brew install prometheus
Or set RESONANCE_PROMETHEUS_PROGRAM to the path of one`;
