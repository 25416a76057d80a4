import type { Reporter, TestModule, Vitest } from "vitest/node";

/**
 * Prints `N passed, N failed` as the last line of a run, `, N skipped` added if any were. A file
 * that cannot be loaded, a hook or a setup that fails and an unhandled error count as one failure.
 */
export class ClosingLineReporter implements Reporter {
  #vitest: Vitest | undefined;
  #counts = { passed: 0, failed: 0, skipped: 0 };

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
    // Whatever else is written at the end, by teardowns for example, comes before.
    if (!vitest.config.watch) process.once("exit", (code) => this.#print(code));
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    this.#counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) this.#count(module);
    if (this.#vitest?.config.watch) this.#print(0);
  }

  #count(module: TestModule): void {
    this.#counts.failed += module.errors().length;
    for (const suite of module.children.allSuites()) this.#counts.failed += suite.errors().length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      this.#counts[state === "pending" ? "failed" : state] += 1;
    }
  }

  #print(exitCode: number): void {
    const { passed, failed, skipped } = this.#counts;
    // Something outside of all tests failed, such as a global setup.
    const counted = exitCode !== 0 && failed === 0 ? 1 : failed;
    const tail = skipped > 0 ? `, ${skipped} skipped` : "";
    process.stdout.write(`${passed} passed, ${counted} failed${tail}\n`);
  }
}
