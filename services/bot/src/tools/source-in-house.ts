import type { ToolSource } from "./tool-source.ts";

/** The tools of a source that a session may use whose words stay in the house. Closed by its owner. */
export function sourceInHouse(source: ToolSource): ToolSource {
  const definitions = () => source.definitions().filter(({ isOutside }) => isOutside !== true);
  return {
    name: source.name,
    definitions,
    async call(call, context, signal) {
      if (definitions().some(({ name }) => name === call.name)) {
        return await source.call(call, context, signal);
      }
      return { outcome: "error", text: `there is no tool ${call.name} in the house` };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
