import { ToolError } from "../tool.ts";

/** @throws ToolError `too_much` for a body of more than that; the rest of it is not read. */
export async function readBounded(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  backend: string,
  maxMebibytes: number,
): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body) {
    bytes += part.byteLength;
    if (bytes > maxMebibytes * 1024 * 1024) {
      const message = `${backend} answered more than ${maxMebibytes} MiB; narrow the query`;
      throw new ToolError("too_much", message);
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}
