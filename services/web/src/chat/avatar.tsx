import { WaveIcon } from "../icons.tsx";
import { opsBot } from "../state/session-names.ts";

const hues = 6;

/** A coloured initial; the same name has the same colour everywhere. */
export function Avatar({
  username,
  name,
  isOnline = false,
}: {
  username: string;
  name: string;
  isOnline?: boolean;
}) {
  const [initial = "?"] = name;
  return (
    <span
      className="avatar"
      data-bot={username === opsBot}
      data-hue={hueOf(username)}
      data-online={isOnline}
      aria-hidden="true"
    >
      {username === opsBot ? <WaveIcon /> : initial.toUpperCase()}
    </span>
  );
}

function hueOf(username: string): number {
  let sum = 0;
  for (const character of username) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return sum % hues;
}
