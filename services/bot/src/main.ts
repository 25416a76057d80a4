import "@resonance/kit/assert-node";
import { runService } from "@resonance/kit";
import { start } from "./start.ts";

await runService("bot", process.env, start);
