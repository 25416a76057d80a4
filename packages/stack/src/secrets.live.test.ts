import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCallerCheck, openServiceCredential, serviceNames } from "@resonance/rpc";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSecrets, readAdminPassword } from "./secrets.ts";

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "secrets-"));
});

afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

test("secrets are made once and are the same at the next start", async () => {
  const first = await openSecrets(home);
  const key = readFileSync(first.authSecretKeyFile, "utf8");

  const second = await openSecrets(home);

  expect(JSON.stringify(second)).toBe(JSON.stringify(first));
  expect(readFileSync(second.authSecretKeyFile, "utf8")).toBe(key);
  expect(Buffer.byteLength(key.trim())).toBeGreaterThanOrEqual(32);
  expect(first.adminPassword).toMatch(/^[2-9a-hjkmnp-z]{20}$/);
  expect(await readAdminPassword(home)).toBe(first.adminPassword);
});

test("each service has a key of its own, and all know everybody's public half", async () => {
  const { serviceKeyFiles, serviceKeysFile } = await openSecrets(home);
  const publicKeys = readFileSync(serviceKeysFile, "utf8");
  const check = createCallerCheck({ self: "logic", keys: JSON.parse(publicKeys) });

  const callers = await Promise.all(
    serviceNames.map(async (name) => {
      const credential = openServiceCredential(
        name,
        "logic",
        readFileSync(serviceKeyFiles[name], "utf8"),
      );
      return await check.callerOf(`Bearer ${await credential.token()}`);
    }),
  );

  expect(callers).toEqual([...serviceNames]);
  expect(statSync(serviceKeyFiles.bot).mode & 0o777).toBe(0o600);
  expect(publicKeys).not.toContain('"d"');
});

test("only their owner can read them", async () => {
  const secrets = await openSecrets(home);

  expect(statSync(join(home, "secrets")).mode & 0o777).toBe(0o700);
  expect(statSync(secrets.authSecretKeyFile).mode & 0o777).toBe(0o600);
  expect(statSync(secrets.adminPasswordFile).mode & 0o777).toBe(0o600);
});

test("a secret that a full disk left empty is made again", async () => {
  const { authSecretKeyFile } = await openSecrets(home);
  writeFileSync(authSecretKeyFile, "");

  await openSecrets(home);

  expect(readFileSync(authSecretKeyFile, "utf8").trim()).not.toBe("");
});

test("a home that no stack has used has no password", async () => {
  expect(await readAdminPassword(home)).toBeUndefined();
});
