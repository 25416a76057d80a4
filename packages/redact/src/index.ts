export { createRedaction, redaction } from "./create-redaction.ts";
export type { FindOptions } from "./find-secrets.ts";
export { type PseudonymOptions, Pseudonyms } from "./pseudonyms.ts";
export { type Redacted, redact } from "./redact.ts";
export { redactJson } from "./redact-json.ts";
export { redactedMark, type SecretKind } from "./span.ts";
export { StreamRedactor } from "./stream-redactor.ts";
