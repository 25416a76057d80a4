import { z } from "zod";

const secretSchema = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  kind: z.string(),
  text: z.string(),
  secret: z.string().min(1),
  /** Parts of the secret that are leaks by themselves. */
  fragments: z.array(z.string()).nullish(),
  /** The byte at which padding is to put the secret's middle. */
  padTo: z.number().int().nonnegative().nullish(),
});

const benignSchema = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  kind: z.string(),
  text: z.string(),
});

export type SecretRow = z.infer<typeof secretSchema>;
export type BenignRow = z.infer<typeof benignSchema>;

/** @throws an error that names the line */
export const parseSecretRows = (jsonl: string) => parseRows(jsonl, secretSchema);
export const parseBenignRows = (jsonl: string) => parseRows(jsonl, benignSchema);

function parseRows<Row>(jsonl: string, schema: z.ZodType<Row>): Row[] {
  return jsonl.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    try {
      return [schema.parse(JSON.parse(line))];
    } catch (error) {
      throw new Error(`line ${index + 1} is not a row of the form that is expected`, {
        cause: error,
      });
    }
  });
}
