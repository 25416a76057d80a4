import { sticky } from "./read-value.ts";
import { isSecretValue, looksRandom } from "./value-kind.ts";

/** The items of a list in YAML under the name. */
export function listedLines(
  text: string,
  at: number,
): { start: number; end: number }[] | undefined {
  const list = sticky(
    /[ \t]{0,8}(?:\r?\n[ \t]{0,16}-[ \t]{1,4}[^\s:]{6,512}[ \t]{0,8}(?=\r?\n|$)){1,64}/y,
    text,
    at,
  );
  if (!list) return undefined;
  const values = [
    ...list[0].matchAll(/-[ \t]{1,4}(["']?)([^\s:]{6,512}?)\1[ \t]{0,8}(?=\r?\n|$)/g),
  ].map((item) => {
    const start = at + item.index + item[0].indexOf(item[2] ?? "");
    return { start, end: start + (item[2]?.length ?? 0) };
  });
  const isSecret = values.some(({ start, end }) => looksRandom(text.slice(start, end)));
  return isSecret ? values : undefined;
}

/** The quoted strings of `["a", "b"]`. */
export function listValues(text: string, at: number): { start: number; end: number }[] | undefined {
  const list = sticky(/\s{0,8}\[\s{0,80}(?=\\{0,8}["'])[^[\]]{0,8192}\]?/y, text, at);
  if (!list) return undefined;
  const values: { start: number; end: number }[] = [];
  for (const item of list[0].matchAll(/(\\{0,8}["'])(.{1,4096}?)(?:\1|\]?$)/g)) {
    const start = at + item.index + (item[1]?.length ?? 0);
    values.push({ start, end: start + (item[2]?.length ?? 0) });
  }
  const isSecret = values.some(({ start, end }) =>
    isSecretValue(text.slice(start, end), "likely", true),
  );
  return isSecret ? values : undefined;
}

/** `['is too short', "can't be blank"]`: a list of nothing but what a form says of a field. */
export function isListOfRemarks(text: string, at: number): boolean {
  const list = sticky(/\s{0,8}\[\s{0,80}([^[\]]{1,2048})\]/y, text, at)?.[1];
  // Within a string the quotes of a list are escaped.
  const items = list?.replaceAll(/\\{1,8}(?=")/g, "").match(listItem);
  return !!items?.every(
    (item) => !isSecretValue(item.replace(/^(["'])(.*)\1$/s, "$2"), "certain", true),
  );
}

const listItem = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|''|\\.)*'|[^\s,"'][^,"']*/g;
