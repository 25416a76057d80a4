/** Numbers in [0, 1) that are the same for the same seed (mulberry32), so that a find can be repeated. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Up to `maxBytes` of anything. */
export function randomBytes(random: () => number, maxBytes: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: Math.floor(random() * maxBytes) }, () =>
    Math.floor(random() * 256),
  );
}

/** One of the samples with a few bytes changed, cut, repeated, or grown together with another one. */
export function mutate(
  random: () => number,
  samples: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  const pick = () => samples[Math.floor(random() * samples.length)] ?? new Uint8Array();
  let bytes = Uint8Array.from(pick());
  for (let times = Math.ceil(random() * 4); times > 0; times--) {
    const at = Math.floor(random() * (bytes.length + 1));
    const change = Math.floor(random() * 4);
    if (change === 0 && at < bytes.length) bytes[at] = Math.floor(random() * 256);
    else if (change === 1) bytes = bytes.slice(0, at);
    else if (change === 2) bytes = joined(bytes.subarray(0, at), bytes.subarray(0, at));
    else bytes = joined(bytes.subarray(0, at), pick());
    bytes = bytes.slice(0, 1_000);
  }
  return bytes;
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
