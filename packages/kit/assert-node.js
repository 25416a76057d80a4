// Plain JavaScript, so that an older Node can read it and say what is wrong.
const wanted = 24;
const actual = Number(process.versions.node.split(".")[0]);
if (actual !== wanted) {
  process.stderr.write(
    `Resonance needs Node ${wanted}, and this is Node ${process.versions.node} (${process.execPath}).\n` +
      "On Linux x64 and arm64 `npm ci` brings Node 24 with it: run the command through npm " +
      "(npm start, npm test), and do not install with --omit=optional.\n" +
      "Elsewhere install Node 24 from https://nodejs.org and try again.\n",
  );
  process.exit(1);
}
