import "@resonance/kit/assert-node";
import { runStart } from "./run-start.ts";

process.exit(await runStart(process.env));
