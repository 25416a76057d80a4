export { type Language, languageOf } from "@resonance/mq-proto";
