import { expect, test } from "vitest";
import { overlay, withoutModel } from "./service-commands.ts";

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

test("keys and addresses of models are for the bot alone", () => {
  const environment = {
    PATH: "/bin",
    ANTHROPIC_API_KEY: "sk",
    ANTHROPIC_API_KEY_FILE: "/run/secrets/key",
    RESONANCE_BRAIN: "openai-compatible",
    RESONANCE_MODEL: "qwen3",
    RESONANCE_MODEL_KEY: "sk",
    RESONANCE_FALLBACK_BRAIN: "anthropic",
    RESONANCE_FALLBACK_MODEL_KEY_FILE: "/run/secrets/other",
    RESONANCE_LOG_LEVEL: "debug",
  };

  expect(withoutModel(environment)).toEqual({ PATH: "/bin", RESONANCE_LOG_LEVEL: "debug" });
});
