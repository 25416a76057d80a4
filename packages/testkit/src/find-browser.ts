import { type FindOptions, findOrInstall } from "./find-or-install.ts";

/** The path of a Chromium or Chrome: RESONANCE_CHROMIUM, or as `findOrInstall` looks for it. */
export function findBrowser(options: FindOptions): Promise<string> {
  return findOrInstall(chromium, options);
}

const chromium = {
  variable: "RESONANCE_CHROMIUM",
  names: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"],
  otherPaths: [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ],
  wanted: { packages: ["chromium"], units: [] },
  missing: `a Chromium or Chrome is missing. Install one and try again:
  Debian:  sudo apt-get install chromium
  Ubuntu:  sudo snap install chromium
  Fedora:  sudo dnf install chromium
  macOS:   brew install --cask chromium
Or set RESONANCE_CHROMIUM to the path of one`,
};
