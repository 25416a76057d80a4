import type { Utterance } from "./utterance.ts";

// A line that says by its form where its message is: JSON, or key=value.
const structured = [
  /\{[^{}]*"(?:msg|message)"\s*:\s*"([^"]{3,200})"[^{}]*\}/i,
  /(?:\b[\w.]+=(?:"[^"]*"|\S+) )*\b(?:msg|message)="([^"]{3,200})"(?: [\w.]+=(?:"[^"]*"|\S+))*/i,
];

const level = "(?:trace|debug|info|notice|warn(?:ing)?|error|critical|fatal|panic)";
const clock = "\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?(?:Z|[+-]\\d\\d:?\\d\\d)?";
const stamp = `\\[?(?:\\d{4}[-/]\\d\\d[-/]\\d\\d[T ]|[A-Z][a-z]{2} +\\d{1,2} )?${clock}\\]?`;
const source = "[\\w.@-]+\\[\\d+\\]:";
// Up to where somebody goes on in Chinese: 「ERROR: no route to host 这啥意思」.
const message =
  "([^\\s\\p{Script=Han}][^\\n\\p{Script=Han}]{4,200}?)(?=\\s*(?:$|\\n|[,，。?？ ]*\\p{Script=Han}))";
/** A line that begins as programs begin one: a time, a level, the name and number of a process. */
const begun = [
  new RegExp(`${stamp} (?:[\\w.@-]+ )?(?:\\[?${level}\\]?:?|${source})\\s+${message}`, "iu"),
  new RegExp(`(?:^|[\\s:,，])${source}\\s+${message}`, "iu"),
  new RegExp(`(?:^|\\n|[:,?] ?)\\[${level}\\]:?\\s+${message}`, "iu"),
  new RegExp(`(?:^|\\n|[:,?] ?)(?:panic|fatal|${level.toUpperCase()}):\\s+${message}`, "u"),
  new RegExp(`\\bERROR \\d{3,5} \\(\\w+\\):\\s+${message}`, "u"),
  /(?:^|\n)((?:[A-Z][A-Za-z]+)?(?:Error|Exception): [^\n\p{Script=Han}]{4,200}?)(?=\s*(?:$|\n|[,，。?？ ]*\p{Script=Han}))/u,
];
const patterns = [...structured, ...begun];

// What programs write of something that starts again and is no service.
const ofPrograms =
  /(?:\b(?:deadlock found when trying to get lock|lock wait timeout exceeded)\s*[;,]?\s*)?\btry restarting transaction\b|\bback-?off restarting failed container\b|\bexited with (?:exit )?(?:code|status) \d+[,;:] (?:will )?restart\w*(?: in \d+ ?\w+)?|\brestarting in \d+ ?(?:s|ms|sec\w*)\b|\bre-?start(?:s|ed|ing)? (?:the |this |a )?(?:transaction|statement|query|request|download|upload|replication|election|timer)\b/i;

/** Takes a line of a log that is pasted, whole: what it says is what is looked for. */
export function takePastedLine(utterance: Utterance): string | undefined {
  for (const pattern of patterns) {
    const text = utterance.takeIf(pattern, ([, said]) => said?.trim().replace(/[.,;]+$/, ""));
    if (text !== undefined) return text;
  }
  return utterance.takeIf(ofPrograms, ([said]) => said.trim());
}
