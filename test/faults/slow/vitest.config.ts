import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** The faults that take long, one after another: `vitest run --config <this file>`. */
export default defineConfig({
  test: {
    root: join(import.meta.dirname, "../../.."),
    include: ["test/faults/slow/*.slow.ts"],
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 120_000,
  },
});
