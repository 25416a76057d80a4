import "@resonance/kit/assert-node";
import { runAsk } from "./run-ask.ts";

process.exit(await runAsk(process.argv.slice(2), process.env));
