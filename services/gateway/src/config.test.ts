import { readConfig } from "@resonance/kit";
import { expect, test } from "vitest";
import { Config } from "./config.ts";

const least = {
  RESONANCE_LOGIC_ADDRESS: "127.0.0.1:15090",
  RESONANCE_NATS_URL: "nats://127.0.0.1:4222",
};

test("Logic and NATS are all that must be given", () => {
  expect(readConfig(Config, least)).toMatchObject({
    RESONANCE_GATEWAY_ID: "gateway-service-001",
    RESONANCE_HTTP_LISTEN: { host: "127.0.0.1", port: 8080 },
    RESONANCE_GATEWAY_LISTEN: { host: "127.0.0.1", port: 15091 },
  });
});

test("all problems are named in one message", () => {
  const read = () =>
    readConfig(Config, {
      RESONANCE_GATEWAY_ID: "a.b",
      RESONANCE_HTTP_LISTEN: "8080",
      RESONANCE_NATS_URL: "http://x",
      RESONANCE_ALLOWED_ORIGINS: "https://a.example,https://b.example/",
    });
  for (const variable of [
    "RESONANCE_GATEWAY_ID",
    "RESONANCE_HTTP_LISTEN",
    "RESONANCE_NATS_URL",
    "RESONANCE_LOGIC_ADDRESS is missing",
    "https://b.example/ is not an origin",
  ]) {
    expect(read).toThrow(variable);
  }
});

test("origins are a list with commas", () => {
  const config = readConfig(Config, {
    ...least,
    RESONANCE_ALLOWED_ORIGINS: "https://a.example, http://b.example:3000",
  });
  expect([...config.RESONANCE_ALLOWED_ORIGINS]).toEqual([
    "https://a.example",
    "http://b.example:3000",
  ]);
});
