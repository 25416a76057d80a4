import { expect, test, vi } from "vitest";
import { MemoryReturn } from "./memory-return.ts";

function storm(memory: MemoryReturn, sockets: number): void {
  for (let count = 0; count < sockets; count++) memory.count();
}

test("memory is given back once, at the first quiet check after a storm", () => {
  const collect = vi.fn();
  const memory = new MemoryReturn({ collect, utilization: () => 0.1 });

  storm(memory, 5_000);
  memory.check();
  expect(collect).toHaveBeenCalledTimes(0);
  memory.check();
  memory.check();

  expect(collect).toHaveBeenCalledTimes(1);
});

test("the usual coming and going is no storm, until it adds up to one", () => {
  const collect = vi.fn();
  const memory = new MemoryReturn({ collect, utilization: () => 0.1 });

  const afterChecks = (checks: number) => {
    for (let check = 0; check < checks; check++) {
      storm(memory, 25);
      memory.check();
    }
    return collect.mock.calls.length;
  };

  expect(afterChecks(19)).toBe(0);
  expect(afterChecks(1)).toBe(1);
});

test("a busy gateway keeps its memory until it is not busy", () => {
  const collect = vi.fn();
  const busy = [0.9, 0.9, 0.9, 0.1];
  const memory = new MemoryReturn({ collect, utilization: () => busy.shift() ?? 0 });
  storm(memory, 5_000);

  for (let check = 0; check < 3; check++) memory.check();
  expect(collect).toHaveBeenCalledTimes(0);
  memory.check();

  expect(collect).toHaveBeenCalledTimes(1);
});

test("what V8 is asked for exists", () => {
  const memory = new MemoryReturn({ utilization: () => 0.1 });
  storm(memory, 500);
  memory.check();

  expect(() => memory.check()).not.toThrow();
});
