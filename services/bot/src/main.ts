import "@resonance/kit/assert-node";
import { runService } from "@resonance/kit";
import { redactLogLine } from "./boundary/redact-log-line.ts";
import { start } from "./start.ts";

await runService("bot", process.env, start, { logGuard: redactLogLine });
