import type { ToolSource } from "./tool-source.ts";

/**
 * Several sources as one, in their order. Where two have a tool of one name, the first has it.
 * Disposing closes all of them.
 */
export function joinSources(sources: readonly ToolSource[]): ToolSource {
  const owned = () => {
    const owners = new Map<string, ToolSource>();
    for (const source of sources) {
      for (const { name } of source.definitions()) {
        if (!owners.has(name)) owners.set(name, source);
      }
    }
    return owners;
  };
  return {
    name: "all",
    definitions() {
      const owners = owned();
      return sources.flatMap((source) =>
        source.definitions().filter(({ name }) => owners.get(name) === source),
      );
    },
    async call(call, context, signal) {
      const source = owned().get(call.name);
      if (!source) return { outcome: "error", text: `there is no tool ${call.name}` };
      return await source.call(call, context, signal);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(sources.map((source) => source[Symbol.asyncDispose]()));
    },
  };
}
