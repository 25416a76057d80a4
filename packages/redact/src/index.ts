export { createRedaction, redaction } from "./create-redaction.ts";
export { Pseudonyms } from "./pseudonyms.ts";
export { redact } from "./redact.ts";
export { redactJson } from "./redact-json.ts";
