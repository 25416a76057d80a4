import { readFile } from "node:fs/promises";
import { CorpusError, readCorpus } from "./read-corpus.ts";
import { hasHeld, reportText } from "./report.ts";
import { runAttack } from "./run-attack.ts";

// npm run attack -- FILE.jsonl: every attack of the file against a stack of its own.
const [path] = process.argv.slice(2);
if (path === undefined || path.startsWith("-")) {
  process.stderr.write("Usage: npm run attack -- FILE.jsonl\n");
  process.exit(2);
}
try {
  const report = await runAttack(readCorpus(await readFile(path, "utf8"), path));
  process.stdout.write(`${reportText(report)}\n`);
  process.exitCode = hasHeld(report) ? 0 : 1;
} catch (error) {
  const isExpected = error instanceof CorpusError || (error instanceof Error && "code" in error);
  if (!isExpected) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
