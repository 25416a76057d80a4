import { resolveService, serviceNames } from "@resonance/ops-mcp";

/**
 * Whether somebody has named the service in words of their own, by its name or by what people call
 * it. What they quote or paste as a block are somebody else's words.
 */
export function isNamed(text: string, service: string): boolean {
  const said = ownWords(text);
  const own = withoutPrefix(service);
  const aliases: readonly string[] = serviceNames[own as keyof typeof serviceNames] ?? [];
  const names = [service, own, `resonance-${own}`, ...aliases].map((name) => name.toLowerCase());
  return names.some((name) => includesWord(said, name));
}

/**
 * Words of somebody's own that may be the service with a letter or two wrong, where they are too
 * long to be another word. Each may as well be the right name of another service.
 */
export function misspellings(text: string, service: string): string[] {
  const own = withoutPrefix(service);
  return ownWords(text)
    .split(/[^a-z0-9-]+/)
    .filter((word) => word.length >= longEnoughToMisspell && resolveService(word, [own]).found);
}

const longEnoughToMisspell = 6;

function withoutPrefix(service: string): string {
  return service.replace(/^resonance-/, "");
}

function ownWords(text: string): string {
  return withoutQuotes(text).normalize("NFKC").toLowerCase();
}

/** Without blocks of code and lines that are quoted; a block that is not closed goes to the end. */
function withoutQuotes(text: string): string {
  let fence: string | undefined;
  const own = text.split("\n").filter((line) => {
    const marks = /^[ \t]*(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === undefined && marks === undefined) return !/^[ \t]*>/.test(line);
    if (fence === undefined) fence = marks;
    else if (marks?.startsWith(fence)) fence = undefined;
    return false;
  });
  return own.join("\n");
}

// The alphabet in which Kubernetes numbers pods of a deployment: `gateway-5c9d8f7b6d-xk2lp`.
const podOf = "[bcdfghjklmnpqrstvwxz2456789]{6,10}-[bcdfghjklmnpqrstvwxz2456789]{5}";

/** Not as a part of a longer name, which another service may have: `checkout-api` is not `api`. */
function includesWord(text: string, name: string): boolean {
  if (/[^\x20-\x7e]/.test(name)) return text.includes(name);
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const goesOn = `[a-z0-9_]|-(?!(?:service|${podOf})(?![a-z0-9_-]))[a-z0-9_]`;
  return new RegExp(`(?<![a-z0-9_]|[a-z0-9_]-)${escaped}(?!${goesOn})`).test(text);
}
