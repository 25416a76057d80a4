/** A WebSocket frame as it goes over the wire: built once, written to everybody who gets it. */
export type Frame = Buffer & { readonly "is a frame": never };

const finalBinary = 0x82;

/** One unmasked, final, binary frame. */
export function frameOf(payload: Uint8Array): Frame {
  const { length } = payload;
  const headBytes = length < 126 ? 2 : length <= 65_535 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headBytes + length);
  frame[0] = finalBinary;
  if (headBytes === 2) {
    frame[1] = length;
  } else if (headBytes === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.set(payload, headBytes);
  // The brand is of types alone.
  return frame as Frame;
}
