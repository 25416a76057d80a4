import type { Span } from "../span.ts";
import { endOfLine } from "./read-value.ts";
import { isPlaceholder } from "./value-kind.ts";

/**
 * What a command has printed that is asked for one secret: the line under `kubectl get secret … |
 * base64 -d`, `vault kv get -field=…`, `pass show …`.
 */
export function findPrinted(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(asking)) {
    const lineEnd = endOfLine(text, match.index);
    const start = lineEnd + 1;
    const line = text.slice(start, Math.min(endOfLine(text, start), start + 4_096)).trimEnd();
    // Of several words is what a command says that has failed, or the next prompt.
    if (!/^\S{6,}$/.test(line) || isPlaceholder(line) || /^[{[<]/.test(line)) continue;
    spans.push({ start, end: start + line.length, kind: "command_line", from: match.index });
  }
  return spans;
}

const asking =
  /(?<![\w-])(?:(?:kubectl|oc|k)\s[^\n|]{0,200}?\bget secrets?\s[^\n]{0,300}?(?:base64\s{1,2}(?:-d|-D|--decode)|base64decode)|vault\s(?:kv\s)?(?:get|read)\s[^\n]{0,100}?-field[= ]\S|aws\s[^\n]{0,60}?(?:get-secret-value|get-parameter|get-login-password)\b[^\n]{0,300}?--output\s{1,2}text|gcloud\ssecrets\sversions\saccess\b|az\skeyvault\ssecret\sshow\b[^\n]{0,200}?-o\s{1,2}tsv|op\s(?:read|item get)\s[^\n]{0,100}?(?:password|credential|secret|token)|pass\s(?:show\s)?[\w-]+\/[\w./-]+|gopass\sshow\s[^\n]{0,40}-o|security\sfind-\w+-password\b[^\n]{0,200}?-w|terraform\soutput\s(?:-raw|-json)\s\S{0,40}(?:pw|pass|password|secret|token|key|dsn|url)\S{0,20}|cat\s\S{0,200}(?:password|passwd|secret|token|passphrase|credential)s?(?:\.\w{1,8})?\b\S{0,40}|argocd\sadmin\sinitial-password\b[^\n]{0,80}|(?:openssl\srand|pwgen|mkpasswd|uuidgen)\s[^\n]{0,60}|kubectl\s[^\n]{0,60}?create\stoken\s[^\n]{0,60}|gh\sauth\stoken|gcloud\sauth\sprint-\w+-token|az\saccount\sget-access-token[^\n]{0,100}-o\s{1,2}tsv)/gi;
