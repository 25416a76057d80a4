import { expect, test } from "vitest";
import { opsTools, toolDefinitions } from "./index.ts";

test("the definitions are few, short and always the same", () => {
  const definitions = toolDefinitions();
  const text = JSON.stringify(definitions);
  expect(definitions.length).toBeLessThanOrEqual(14);
  // No tokenizer needs more than one token for three characters of such text.
  expect(text.length / 3).toBeLessThan(4_000);
  expect(JSON.stringify(toolDefinitions())).toBe(text);
  expect(definitions.map(({ name }) => name)).toEqual(Object.keys(opsTools));
});

test("every tool reads or writes, and a schema takes an object without surprises", () => {
  for (const { access, inputSchema } of toolDefinitions()) {
    expect(["read", "write"]).toContain(access);
    expect(inputSchema).toMatchObject({ type: "object" });
    expect(inputSchema).not.toHaveProperty("$schema");
  }
});

test("only the restart writes", () => {
  const writing = toolDefinitions().filter(({ access }) => access === "write");
  expect(writing.map(({ name }) => name)).toEqual(["restart_service"]);
});
