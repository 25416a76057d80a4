import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** The long run: `npm run soak -- --minutes N`. */
export default defineConfig({
  test: {
    root: join(import.meta.dirname, "../../.."),
    include: ["test/faults/soak/*.slow.ts"],
    hookTimeout: 120_000,
  },
});
