import { expect, test } from "vitest";
import { frameOf } from "./frame.ts";

// RFC 6455, section 5.2: FIN and opcode 2, no mask, the length in 7, 16 or 64 bits.
test.each([
  [0, "8200"],
  [1, "8201"],
  [125, "827d"],
  [126, "827e007e"],
  [65_535, "827effff"],
  [65_536, "827f0000000000010000"],
])("a frame of %i bytes is its head and the bytes as they were", (length, head) => {
  const payload = Buffer.from(Array.from({ length }, (_, index) => index % 256));

  const frame = frameOf(payload);

  expect(frame.subarray(0, head.length / 2).toString("hex")).toBe(head);
  expect(Buffer.compare(frame.subarray(head.length / 2), payload)).toBe(0);
});
