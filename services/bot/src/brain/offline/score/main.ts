import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { isGoodEnough, parseLabelled, score } from "../score.ts";
import { report } from "./report.ts";

const { values, positionals } = parseArgs({
  options: { misses: { type: "boolean", default: false } },
  allowPositionals: true,
});
const [file] = positionals;

if (file === undefined) {
  process.stderr.write("usage: npm run offline:score -- FILE.jsonl [--misses]\n");
  process.exitCode = 2;
} else {
  const result = score(parseLabelled(readFileSync(file, "utf8")));
  process.stdout.write(`${report(result, values.misses)}\n`);
  process.exitCode = isGoodEnough(result) ? 0 : 1;
}
