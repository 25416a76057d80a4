import { escape as quote } from "mysql2";

/**
 * The statements that give users of a Go database other names everywhere they stand, the ids of
 * one-to-one sessions included: all of them in one transaction. A new name should begin as the old
 * one does, since the names in those ids stand in byte order.
 */
export function renameUsersSql(newNames: ReadonlyMap<string, string>): string {
  const statements = [...newNames].flatMap(([name, newName]) => [
    ...renames(name, newName),
    ...sessionRenames(name, newName),
  ]);
  return ["START TRANSACTION;", ...statements, "COMMIT;"].join("\n");
}

function renames(name: string, newName: string): string[] {
  return [
    ["t_user", "username"],
    ["t_session", "owner_username"],
    ["t_session_member", "username"],
    ["t_message_content", "sender_username"],
    ["t_inbox", "owner_username"],
  ].map(
    ([table, column]) =>
      `UPDATE ${table} SET ${column} = ${quote(newName)} WHERE ${column} = ${quote(name)};`,
  );
}

function sessionRenames(name: string, newName: string): string[] {
  // What stands for other characters in a pattern stands for itself here.
  const pattern = name.replaceAll(/[\\%_]/g, "\\$&");
  const first = `single:${name}:`;
  return ["t_session", "t_session_member", "t_message_content", "t_inbox"].flatMap((table) => [
    `UPDATE ${table} SET session_id = CONCAT(${quote(`single:${newName}:`)}, SUBSTRING(session_id, ${lengthOf(first) + 1})) WHERE session_id LIKE ${quote(`single:${pattern}:%`)};`,
    `UPDATE ${table} SET session_id = CONCAT(LEFT(session_id, CHAR_LENGTH(session_id) - ${lengthOf(name) + 1}), ${quote(`:${newName}`)}) WHERE session_id LIKE ${quote(`single:%:${pattern}`)};`,
  ]);
}

/** In characters, as the database counts. */
function lengthOf(text: string): number {
  return [...text].length;
}
