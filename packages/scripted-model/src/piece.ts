/** A piece of an answer, in order. */
export type Piece =
  | {
      readonly kind: "send";
      readonly text: string;
      /** A piece of text, thinking or arguments: what troubles count. */
      readonly isDelta: boolean;
    }
  | { readonly kind: "wait"; readonly ms: number };

export function send(text: string): Piece {
  return { kind: "send", text, isDelta: false };
}

export function sendDelta(text: string): Piece {
  return { kind: "send", text, isDelta: true };
}

export function wait(ms: number | undefined): Piece[] {
  return ms === undefined ? [] : [{ kind: "wait", ms }];
}

/** With a pause before each piece but the first. */
export function paced(ms: number | undefined, pieces: readonly Piece[]): Piece[] {
  return pieces.flatMap((piece, index) => (index === 0 ? [piece] : [...wait(ms), piece]));
}

const parts = 3;

/** A text as a model streams it: in several pieces. */
export function split(text: string): string[] {
  const size = Math.max(1, Math.ceil(text.length / parts));
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
    text.slice(index * size, (index + 1) * size),
  );
}
