import { join } from "node:path";
import { ConfigError, readConfig } from "@resonance/kit";
import { expect, test } from "vitest";
import { StackConfig } from "./config.ts";
import { projectFolder } from "./project.ts";

test("nothing has to be set", () => {
  expect(readConfig(StackConfig, {})).toEqual({
    RESONANCE_HOME: join(projectFolder, ".resonance"),
    RESONANCE_HTTP_PORT: 8080,
  });
});

test("a relative home lies in the project, an absolute one where it says", () => {
  const home = (path: string) => readConfig(StackConfig, { RESONANCE_HOME: path }).RESONANCE_HOME;

  expect(home(".resonance-2")).toBe(join(projectFolder, ".resonance-2"));
  expect(home("/var/lib/resonance")).toBe("/var/lib/resonance");
});

test("all bad values are named at once, without their contents", () => {
  const environment = {
    RESONANCE_HTTP_PORT: "70000",
    RESONANCE_MYSQL_URL: "postgres://root:topsecret@db",
    RESONANCE_NATS_URL: "localhost:4222",
    RESONANCE_NO_INSTALL: "yes",
  };

  const read = () => readConfig(StackConfig, environment);

  expect(read).toThrow(ConfigError);
  for (const name of Object.keys(environment)) expect(read).toThrow(name);
  expect(read).not.toThrow("topsecret");
});
