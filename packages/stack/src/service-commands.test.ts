import { expect, test } from "vitest";
import { overlay } from "./service-commands.ts";

test("what the stack sets wins over the environment, whether given as a value or as a file", () => {
  const environment = {
    PATH: "/bin",
    RESONANCE_LOG_LEVEL: "debug",
    RESONANCE_AUTH_SECRET_KEY: "from outside",
    RESONANCE_MYSQL_URL_FILE: "/from/outside",
  };

  const merged = overlay(environment, {
    RESONANCE_AUTH_SECRET_KEY_FILE: "/home/secrets/auth-secret-key",
    RESONANCE_MYSQL_URL: "mysql://root@127.0.0.1:3310/resonance",
  });

  expect(merged).toEqual({
    PATH: "/bin",
    RESONANCE_LOG_LEVEL: "debug",
    RESONANCE_AUTH_SECRET_KEY_FILE: "/home/secrets/auth-secret-key",
    RESONANCE_MYSQL_URL: "mysql://root@127.0.0.1:3310/resonance",
  });
});
