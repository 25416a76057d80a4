import { expect, test } from "vitest";
import { LogOutput } from "./log-output.ts";

/** A file on a disk that has so much room, and then as much as is made. */
function openDisk(room: number) {
  let written = "";
  let left = room;
  return {
    output: new LogOutput(1, (_fd, bytes) => {
      if (left === 0) throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
      const taken = bytes.subarray(0, left);
      written += Buffer.from(taken).toString();
      left -= taken.length;
      return taken.length;
    }),
    lines: () => written.split("\n"),
    makeRoom: (bytes: number) => {
      left += bytes;
    },
  };
}

test("lines that find no room are given up, and their number is said when there is room again", () => {
  const disk = openDisk(4);

  disk.output.write("one\n");
  disk.output.write("two\n");
  disk.output.flushSync();
  disk.output.write("three\n");
  disk.output.flushSync();
  disk.makeRoom(1_000);
  disk.output.write("four\n");
  disk.output.write("five\n");
  disk.output.flushSync();

  const [one, gap, ...rest] = disk.lines();
  expect([one, ...rest]).toEqual(["one", "four", "five", ""]);
  expect(JSON.parse(gap ?? "")).toMatchObject({
    level: "error",
    msg: "2 log lines could not be written",
  });
});

test("half a line is not glued to the next", () => {
  const disk = openDisk(2);

  disk.output.write("one\n");
  disk.output.flushSync();
  disk.makeRoom(1_000);
  disk.output.write("two\n");
  disk.output.flushSync();

  expect(disk.lines().filter((line) => !line.startsWith("{"))).toEqual(["on", "two", ""]);
});

test("a reader who comes back in time misses nothing", () => {
  let refusals = 3;
  let written = "";
  const output = new LogOutput(1, (_fd, bytes) => {
    if (refusals-- > 0) throw Object.assign(new Error("try again"), { code: "EAGAIN" });
    written += Buffer.from(bytes).toString();
    return bytes.length;
  });

  output.write("one\n");
  output.flushSync();

  expect(written).toBe("one\n");
});

test("a reader who does not come back is waited for once, not at every line", () => {
  let tries = 0;
  const output = new LogOutput(1, () => {
    tries++;
    throw Object.assign(new Error("try again"), { code: "EAGAIN" });
  });
  output.write("one\n");
  output.flushSync();
  tries = 0;

  output.write("two\n");
  output.flushSync();

  expect(tries).toBe(1);
});

test("lines of one turn are written together at its end, and sooner when they are many", async () => {
  const writes: string[] = [];
  const output = new LogOutput(1, (_fd, bytes) => {
    writes.push(Buffer.from(bytes).toString());
    return bytes.length;
  });

  output.write("one\n");
  output.write("two\n");
  expect(writes).toEqual([]);
  await new Promise(setImmediate);
  expect(writes).toEqual(["one\ntwo\n"]);

  const long = `${"x".repeat(100_000)}\n`;
  output.write(long);
  expect(writes).toEqual(["one\ntwo\n", long]);
});
