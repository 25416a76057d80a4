import { rules } from "@secretlint/secretlint-rule-preset-recommend";
import { z } from "zod";
import type { Span } from "../span.ts";

/**
 * The maintained rules of secretlint, called without its runner, which is asynchronous. Left out
 * are those whose finding is wider than the secret (whole connection strings: ours are
 * narrower), that find no secret (account numbers), and above all the one that lets a comment in
 * the text switch the others off: here the text is not trusted.
 */
export function findByRuleSet(text: string): Span[] {
  const spans: Span[] = [];
  for (const rule of checks) {
    rule((finding) => {
      const { range, message } = findingSchema.parse(finding);
      if (message.messageId === "AWSAccountID") return;
      spans.push({ start: range[0], end: range[1], kind: "rule_set" });
    }, text);
  }
  return spans;
}

const leftOut = /filter-comments|database-connection-string|basicauth/;

const findingSchema = z.object({
  range: z.tuple([z.number(), z.number()]),
  message: z.object({ messageId: z.string() }),
});

const ruleSchema = z.object({
  meta: z.object({ id: z.string() }),
  create: z.custom<(context: unknown, options: unknown) => { file?: (source: unknown) => unknown }>(
    (value) => typeof value === "function",
  ),
});

type Report = (finding: unknown) => void;

const checks = z
  .array(z.unknown())
  .parse(rules)
  .map((rule) => ruleSchema.parse(rule))
  .filter((rule) => !leftOut.test(rule.meta.id))
  .map((rule) => (report: Report, content: string) => {
    const context = {
      sharedOptions: {},
      createTranslator: () => (messageId: string) => ({ messageId, message: messageId }),
      report,
      ignore: report,
    };
    const result = rule.create(context, {}).file?.({
      content,
      filePath: "text",
      ext: "",
      contentType: "text",
    });
    if (result instanceof Promise) throw new Error(`${rule.meta.id} became asynchronous`);
  });
