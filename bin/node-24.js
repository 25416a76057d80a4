// node bin/node-24.js FILE ARGUMENTS…: runs FILE on Node 24, whatever Node this is.
//
// `npm ci` brings Node 24 as a package. npm 11 and 12 put it first on the PATH of npm scripts; npm 10
// drops the link when it passes over the package for the other processor. So the package is looked
// for, not the link. Plain JavaScript, which an older Node can read.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [file = "", ...fileArguments] = process.argv.slice(2);

if (process.versions.node.startsWith("24.")) {
  process.argv.splice(1, process.argv.length - 1, resolve(file), ...fileArguments);
  await import(pathToFileURL(resolve(file)).href);
} else {
  const node = join(
    dirname(import.meta.dirname),
    `node_modules/node-${process.platform}-${process.arch}/bin/node`,
  );
  if (!existsSync(node)) {
    process.stderr.write(
      `Resonance needs Node 24, and this is Node ${process.versions.node} (${process.execPath}).\n` +
        "On Linux x64 and arm64 `npm ci` brings Node 24 with it; do not install with --omit=optional.\n" +
        "Elsewhere install Node 24 from https://nodejs.org and try again.\n",
    );
    process.exit(1);
  }
  const child = spawn(node, [resolve(file), ...fileArguments], {
    stdio: "inherit",
    env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ""}` },
  });
  // A terminal sends Ctrl-C to the child as well; whoever signals this process alone does not.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => {
    process.exit(signal === null ? code : 128 + constants.signals[signal]);
  });
}
