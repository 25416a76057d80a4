import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keepUnitsOff } from "./keep-units-off.ts";

const unit = "nats-server.service";
let root = "";
let settings = "";
let link = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "resonance-units-"));
  settings = join(root, "etc/systemd/system");
  link = join(settings, "multi-user.target.wants", unit);
});

afterEach(() => rmSync(root, { recursive: true }));

test("a unit the package brings is masked meanwhile, and disabled and not masked afterwards", () => {
  const off = keepUnitsOff([unit], root);
  expect(readlinkSync(join(settings, unit))).toBe("/dev/null");
  installUnit();
  off[Symbol.dispose]();
  expect(existsSync(join(settings, unit))).toBe(false);
  expect(lstatSync(link, { throwIfNoEntry: false })).toBeUndefined();
});

test("a unit that was there before stays enabled", () => {
  installUnit();
  keepUnitsOff([unit], root)[Symbol.dispose]();
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
});

test("a mask that somebody else made stays", () => {
  mkdirSync(settings, { recursive: true });
  symlinkSync("/dev/null", join(settings, unit));
  keepUnitsOff([unit], root)[Symbol.dispose]();
  expect(readlinkSync(join(settings, unit))).toBe("/dev/null");
});

function installUnit(): void {
  const file = join(root, "lib/systemd/system", unit);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, "[Unit]\n");
  mkdirSync(join(link, ".."), { recursive: true });
  symlinkSync(`/lib/systemd/system/${unit}`, link);
}
