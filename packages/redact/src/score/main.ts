import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { benignRows } from "./corpus/benign-rows.ts";
import { secretRows } from "./corpus/secret-rows.ts";
import { report } from "./report.ts";
import { parseBenignRows, parseSecretRows } from "./rows.ts";

const { values } = parseArgs({
  options: {
    secrets: { type: "string" },
    benign: { type: "string" },
    seed: { type: "string", default: "1" },
    write: { type: "string" },
  },
});

const isOwn = values.secrets === undefined && values.benign === undefined;
const seed = Number(values.seed);
const secrets = values.secrets
  ? parseSecretRows(readFileSync(values.secrets, "utf8"))
  : isOwn
    ? secretRows(seed)
    : [];
const benign = values.benign
  ? parseBenignRows(readFileSync(values.benign, "utf8"))
  : isOwn
    ? benignRows(seed)
    : [];

const { text, isGood } = report(secrets, benign);
process.stdout.write(`${text}\n`);
process.exitCode = isGood ? 0 : 1;
