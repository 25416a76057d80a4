import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { ConfigError, readConfig } from "./config.ts";
import { listenAddress, secret } from "./settings.ts";

const Config = z.object({
  URL: z.url({ error: "must be a URL" }),
  LISTEN: listenAddress.default({ host: "127.0.0.1", port: 80 }),
  SECRET: secret,
});

test("all bad values are named in one message, without their contents", () => {
  const environment = { URL: "nonsense", LISTEN: "host:99999", SECRET: "too short, and mine" };

  const failure = () => readConfig(Config, environment);

  expect(failure).toThrow(ConfigError);
  expect(failure).toThrow(
    /3 problem\(s\):\n {2}URL: must be a URL\n {2}LISTEN: .*65535\n {2}SECRET: .*32 bytes/,
  );
  expect(failure).not.toThrow(/mine/);
});

test("a missing value is called missing, and an empty one counts as missing", () => {
  expect(() => readConfig(Config, { URL: "" })).toThrow(/URL is missing\n {2}SECRET is missing/);
});

test("a value may stand in a file", () => {
  const path = join(mkdtempSync(join(tmpdir(), "config-")), "secret");
  writeFileSync(path, `${"s".repeat(32)}\n`);

  const config = readConfig(Config, { URL: "http://localhost", SECRET_FILE: path });

  expect(config).toEqual({
    URL: "http://localhost",
    LISTEN: { host: "127.0.0.1", port: 80 },
    SECRET: "s".repeat(32),
  });
});

test("a file that cannot be read is named", () => {
  const environment = { URL: "http://localhost", SECRET_FILE: "/does/not/exist" };

  expect(() => readConfig(Config, environment)).toThrow(
    /SECRET_FILE: cannot read \/does\/not\/exist/,
  );
});

test.each([
  ["127.0.0.1:0", { host: "127.0.0.1", port: 0 }],
  ["[::1]:8080", { host: "::1", port: 8080 }],
  ["localhost:80", { host: "localhost", port: 80 }],
])("%s is an address to listen on", (value, expected) => {
  expect(listenAddress.parse(value)).toEqual(expected);
});

test.each(["8080", "host", "host:", "host:port", ":80", "a b:80"])("%s is none", (value) => {
  expect(listenAddress.safeParse(value).success).toBe(false);
});
