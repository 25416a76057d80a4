import { type FindOptions, findOrInstall } from "./find-or-install.ts";

/**
 * The path of a prometheus: RESONANCE_PROMETHEUS_PROGRAM, or as `findOrInstall` looks for it; the
 * package's system service stays off.
 */
export function findPrometheus(options: FindOptions): Promise<string> {
  return findOrInstall(prometheus, options);
}

const prometheus = {
  variable: "RESONANCE_PROMETHEUS_PROGRAM",
  names: ["prometheus"],
  otherPaths: [],
  wanted: {
    packages: ["prometheus"],
    units: ["prometheus.service", "prometheus-node-exporter.service"],
  },
  missing: `prometheus is missing. Install it and try again:
  Debian:  sudo apt-get install prometheus
  Fedora:  sudo dnf install prometheus
  macOS:   brew install prometheus
Or set RESONANCE_PROMETHEUS_PROGRAM to the path of one`,
};
