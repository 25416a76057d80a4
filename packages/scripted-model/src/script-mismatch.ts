/** The requests were not those of the script. The message is for the reader of a failed test. */
export class ScriptMismatch extends Error {
  override readonly name = "ScriptMismatch";
}
