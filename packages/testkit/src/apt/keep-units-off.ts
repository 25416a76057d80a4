import { spawnSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";

/**
 * Masks systemd units that do not exist yet, so that the package about to bring them does not start
 * them. Disposing takes the masks away and disables the units. Units that exist already are somebody
 * else's decision and stay as they are. Works on files, so it does not need systemctl.
 */
export function keepUnitsOff(units: readonly string[], root = "/"): Disposable {
  const settings = join(root, "etc/systemd/system");
  const masked = units.filter((unit) => !isKnown(unit, root));
  if (masked.length > 0) mkdirSync(settings, { recursive: true });
  for (const unit of masked) symlinkSync("/dev/null", join(settings, unit));
  return {
    [Symbol.dispose]: () => {
      for (const unit of masked) {
        const mask = join(settings, unit);
        if (exists(mask) && readlinkSync(mask) === "/dev/null") rmSync(mask);
        disable(unit, settings);
      }
      reload();
    },
  };
}

function isKnown(unit: string, root: string): boolean {
  const folders = ["etc/systemd/system", "lib/systemd/system", "usr/lib/systemd/system"];
  return folders.some((folder) => exists(join(root, folder, unit)));
}

// What `systemctl disable` does.
function disable(unit: string, settings: string): void {
  for (const entry of readdirSync(settings, { withFileTypes: true })) {
    if (!entry.isDirectory() || !/\.(wants|requires)$/.test(entry.name)) continue;
    rmSync(join(settings, entry.name, unit), { force: true });
  }
}

// existsSync follows links, and a unit's link may lead nowhere.
function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function reload(): void {
  if (existsSync("/run/systemd/system")) spawnSync("systemctl", ["daemon-reload"]);
}
