import "@resonance/kit/assert-node";
import { readConfig } from "@resonance/kit";
import { Config } from "./config.ts";
import { migrate } from "./migrate.ts";

const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => stop.abort(new Error(`stopped by ${name}`)));
}

try {
  const config = readConfig(Config, process.env);
  const { from, to, applied } = await migrate({
    url: config.RESONANCE_MYSQL_URL,
    notify: say,
    signal: stop.signal,
  });
  say(
    applied.length === 0
      ? `the database is at version ${to}: nothing to do`
      : `the database went from version ${from} to ${to}`,
  );
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  // An aborted connection stays open until the server has finished what it was doing.
  process.exit(1);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
