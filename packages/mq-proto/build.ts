// Builds the package as it is published into dist/: JavaScript, declarations, manifest, license.
import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const here = import.meta.dirname;
const manifest = JSON.parse(readFileSync(`${here}/package.json`, "utf8"));

rmSync(`${here}/dist`, { recursive: true, force: true });
const compiler = createRequire(import.meta.url).resolve("typescript/package.json");
execFileSync(
  process.execPath,
  [compiler.replace("package.json", "bin/tsc"), "-p", `${here}/tsconfig.build.json`],
  { stdio: "inherit" },
);

const entries = { ".": "index", "./gateway": "gateway", "./logic": "logic" };
const published = {
  ...manifest,
  files: undefined,
  scripts: undefined,
  exports: {
    ...Object.fromEntries(
      Object.entries(entries).map(([path, file]) => [
        path,
        { types: `./${file}.d.ts`, default: `./${file}.js` },
      ]),
    ),
    "./package.json": "./package.json",
  },
};
writeFileSync(`${here}/dist/package.json`, `${JSON.stringify(published, null, 2)}\n`);
copyFileSync(`${here}/../../LICENSE`, `${here}/dist/LICENSE`);
