import { type DescMessage, fromBinary, type MessageShape, toBinary } from "@bufbuild/protobuf";
import golden from "../../../packages/mq-proto/src/vectors.json" with { type: "json" };

/** The golden bytes as hex. */
export const hexOf = Object.fromEntries(
  Object.entries(golden.vectors).map(([name, { value }]) => [name, value]),
  // fromEntries forgets the keys.
) as Record<keyof typeof golden.vectors, string>;

/** The session of the golden bytes, between alice and bob. */
export const goldenSession = "single:alice:bob";
/** The msg_id of the golden bytes. */
export const goldenMsgId = 7421152536297500675n;

export function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(hex, "hex"));
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

export function decode<Desc extends DescMessage>(schema: Desc, hex: string): MessageShape<Desc> {
  return fromBinary(schema, bytesOf(hex));
}

/** The golden message with other values in some fields, encoded again. */
export function goldenWith<Desc extends DescMessage>(
  schema: Desc,
  hex: string,
  change: (message: MessageShape<Desc>) => void,
): string {
  const message = decode(schema, hex);
  change(message);
  return toHex(toBinary(schema, message));
}

/** A protobuf field of a wire type that has its length in front, as hex. */
export function lengthDelimited(fieldNumber: number, hex: string): string {
  const head = [...varint((fieldNumber << 3) | 2), ...varint(hex.length / 2)];
  return toHex(Uint8Array.from(head)) + hex;
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}
