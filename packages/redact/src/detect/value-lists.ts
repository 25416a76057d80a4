import type { Place } from "./nested-values.ts";
import { sticky } from "./read-value.ts";
import type { NameLevel } from "./sensitive-name.ts";
import { isSecretValue, looksRandom } from "./value-kind.ts";

/** The secrets of a list behind its name, in any form. */
export function listAt(text: string, at: number, level: NameLevel): Place[] | undefined {
  return listValues(text, at) ?? bareValues(text, at, level) ?? listedLines(text, at, level);
}

/** The items of a list in YAML under the name. */
function listedLines(text: string, at: number, level: NameLevel): Place[] | undefined {
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
  const isSecret = values.some(({ start, end }) => isBareSecret(text.slice(start, end), level));
  return isSecret ? values : undefined;
}

/** Of the items of `[a1b2c3d4, …]` those that are no words. */
function bareValues(text: string, at: number, level: NameLevel): Place[] | undefined {
  const list = sticky(/(\s{0,8}\[)([^[\]{}"'\n]{1,8192})\]/y, text, at);
  const values: Place[] = [];
  let start = at + (list?.[1]?.length ?? 0);
  for (const item of list?.[2]?.split(",") ?? []) {
    const value = item.trim();
    const begin = start + item.indexOf(value);
    if (isBareSecret(value, level)) values.push({ start: begin, end: begin + value.length });
    start += item.length + 1;
  }
  return values.length > 0 ? values : undefined;
}

/** A name of several words, as of an object that holds a secret, has its words apart. */
function isBareSecret(value: string, level: NameLevel): boolean {
  if (looksRandom(value)) return true;
  const isMixed = /^(?=.*\d)(?=.*[a-z])[^\s_.-]{6,}$/i.test(value);
  return isMixed && isSecretValue(value, level, false);
}

/** The quoted strings of `["a", "b"]`. */
function listValues(text: string, at: number): Place[] | undefined {
  const list = sticky(/\s{0,8}\[\s{0,80}(?=\\{0,8}["'])[^[\]]{0,8192}\]?/y, text, at);
  if (!list) return undefined;
  const values: Place[] = [];
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
