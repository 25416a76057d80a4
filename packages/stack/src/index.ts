/** Resonance as a whole: `npm start`, `npm run ask`, and the same for tests. */
export { openStack, type Stack } from "./open-stack.ts";
export { SupervisedService } from "./supervised-service.ts";
