/** Resonance as a whole: `npm start`, `npm run ask`, and the same for tests. */
export { askQuestion } from "./ask-question.ts";
export { type LockRecord, readLiveStack } from "./home-lock.ts";
export { openStack, type Stack, type StackOptions } from "./open-stack.ts";
export { type ServiceName, serviceNames } from "./service-commands.ts";
export type { ServiceCommand } from "./service-process.ts";
export type { StackEvent } from "./stack-event.ts";
export type { StackFile } from "./stack-file.ts";
export { StartError, type StartProblem } from "./start-error.ts";
export { type ServiceState, SupervisedService } from "./supervised-service.ts";
