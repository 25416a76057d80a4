import { open, stat } from "node:fs/promises";

const lineTarget = 1_000;
/** In one line of so many. */
export const needleEvery = 20_000;

/** A log as our services write it, of at least so many bytes, over the six hours before an instant. */
export async function writeLargeLog(path: string, bytes: number, untilMs: number): Promise<number> {
  const existing = await stat(path).catch(() => undefined);
  if (existing && existing.size >= bytes) return existing.size;
  const file = await open(path, "w");
  const spanMs = 6 * 3_600_000;
  let written = 0;
  for (let number = 0; written < bytes; number += lineTarget) {
    const atMs = untilMs - spanMs + Math.floor((spanMs * written) / bytes);
    const batch = Array.from({ length: lineTarget }, (_, index) =>
      lineOf(number + index, atMs),
    ).join("");
    await file.write(batch);
    written += Buffer.byteLength(batch);
  }
  await file.close();
  return written;
}

function lineOf(number: number, atMs: number): string {
  const isNeedle = number % needleEvery === 17;
  const fields = {
    level: isNeedle ? "error" : number % 97 === 0 ? "warn" : "info",
    time: new Date(atMs + (number % 1_000)).toISOString(),
    service: "gateway",
    pid: 4_242,
    traceId: (number * 2_654_435_761).toString(16).padStart(16, "0"),
    user: `user-${number % 5_000}`,
    ms: (number % 400) / 10,
    msg: isNeedle ? "upstream timed out while sending" : "message stored and acknowledged",
  };
  return `${JSON.stringify(fields)}\n`;
}
