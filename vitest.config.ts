import { defaultExclude, defineConfig } from "vitest/config";
import { ClosingLineReporter } from "./packages/testkit/src/vitest/closing-line-reporter.ts";

const exclude = [...defaultExclude, "**/dist/**", "**/.resonance/**"];

export default defineConfig({
  test: {
    reporters: ["default", new ClosingLineReporter()],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["**/*.test.{ts,tsx}"],
          exclude: [...exclude, "**/*.live.test.ts", "test/**"],
        },
      },
      {
        extends: true,
        test: {
          name: "live",
          include: ["**/*.live.test.ts", "test/**/*.test.ts"],
          exclude,
          globalSetup: ["packages/testkit/src/vitest/global-setup.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          // All files share one MySQL server, and machines that test may have two cores.
          maxWorkers: 2,
        },
      },
    ],
  },
});
