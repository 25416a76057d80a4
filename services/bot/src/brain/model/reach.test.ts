import { expect, test } from "vitest";
import { reachOf } from "./reach.ts";

test.each([
  "http://localhost:11434/v1",
  "http://127.0.0.1:11434/v1",
  "http://[::1]:8000/v1",
  "http://10.1.2.3/v1",
  "http://172.31.0.9:8000/v1",
  "http://192.168.1.20/v1",
  "http://[fd00::12]/v1",
  "http://ollama:11434/v1",
  "https://gpu-1.internal/v1",
  "http://mac.local:1234/v1",
  "http://[::ffff:10.0.0.1]/v1",
])("%s stays in the house", (url) => {
  expect(reachOf(url)).toBe("local");
});

test.each([
  "https://api.openai.com/v1",
  "http://8.8.8.8/v1",
  "http://172.32.0.1/v1",
  "https://localhost.example.com/v1",
  "http://[2001:db8::1]/v1",
  "http://134744072/v1",
  "https://10.0.0.1.nip.io/v1",
])("%s leaves it", (url) => {
  expect(reachOf(url)).toBe("cloud");
});
